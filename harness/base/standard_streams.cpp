#include "harness/base/standard_streams.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace harness::base {
namespace {

/// Opened in the wrong direction on purpose: reading from 0 and writing to 1 or 2 must still fail, as on a closed
/// descriptor.
void take_closed_descriptors() {
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(descriptor, F_GETFD) == -1 && errno == EBADF)
            static_cast<void>(::open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY));
    }
}

}  // namespace

StandardStreams::StandardStreams() {
    take_closed_descriptors();
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    out_before_ = stdout;
    err_before_ = stderr;
    if (FILE* out = open(out_, ::isatty(STDOUT_FILENO) == 1 ? _IOLBF : _IOFBF); out != nullptr) stdout = out;
    if (FILE* err = open(err_, _IOLBF); err != nullptr) stderr = err;
}

StandardStreams::~StandardStreams() {
    if (stdout != out_before_) std::fclose(stdout);
    if (stderr != err_before_) std::fclose(stderr);
    stdout = out_before_;
    stderr = err_before_;
}

std::error_code StandardStreams::finish() noexcept {
    std::fflush(stdout);
    std::fflush(stderr);
    return {out_.error, std::generic_category()};
}

ssize_t StandardStreams::write(void* cookie, const char* bytes, std::size_t size) noexcept {
    Sink& sink = *static_cast<Sink*>(cookie);
    // Truncated output is better than output with a gap. Messages on standard error are independent of each other.
    if (sink.error != 0 && sink.descriptor == STDOUT_FILENO) return static_cast<ssize_t>(size);
    for (std::size_t done = 0; done < size;) {
        const ssize_t written = ::write(sink.descriptor, bytes + done, size - done);
        if (written >= 0) {
            done += static_cast<std::size_t>(written);
        } else if (errno == EAGAIN) {
            // Another process made the terminal or pipe non-blocking.
            pollfd ready{.fd = sink.descriptor, .events = POLLOUT, .revents = 0};
            ::poll(&ready, 1, -1);
        } else if (errno != EINTR) {
            sink.error = errno;
            break;
        }
    }
    return static_cast<ssize_t>(size);  // otherwise the stream would be marked as failed and fmt would throw
}

FILE* StandardStreams::open(Sink& sink, int buffering) {
    cookie_io_functions_t functions = {};
    functions.write = &StandardStreams::write;
    FILE* stream = ::fopencookie(&sink, "w", functions);
    if (stream != nullptr) std::setvbuf(stream, nullptr, buffering, BUFSIZ);
    return stream;
}

}  // namespace harness::base
