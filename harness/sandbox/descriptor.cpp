#include "harness/sandbox/descriptor.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace harness::sandbox {
namespace {

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

Pipe make_pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe");
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

Descriptor memory_file(const std::string& content) {
    Descriptor file(memfd_create("program", MFD_CLOEXEC));
    if (file.get() < 0) fail("memfd_create");
    for (std::size_t done = 0; done < content.size();) {
        const ssize_t written = write(file.get(), content.data() + done, content.size() - done);
        if (written < 0) fail("write to a file in memory");
        done += static_cast<std::size_t>(written);
    }
    lseek(file.get(), 0, SEEK_SET);
    return file;
}

std::string whole(const Descriptor& file) {
    std::string content;
    std::array<char, 65536> buffer;
    for (;;) {
        const ssize_t got = pread(file.get(), buffer.data(), buffer.size(), static_cast<off_t>(content.size()));
        if (got < 0) fail("read");
        if (got == 0) return content;
        content.append(buffer.data(), static_cast<std::size_t>(got));
    }
}

Descriptor duplicate_above(const Descriptor& descriptor, int first) {
    Descriptor made(fcntl(descriptor.get(), F_DUPFD_CLOEXEC, first));
    if (made.get() < 0) fail("fcntl");
    return made;
}

Descriptor null_file() {
    Descriptor file(open("/dev/null", O_RDWR | O_CLOEXEC));
    if (file.get() < 0) fail("/dev/null");
    return file;
}

}  // namespace harness::sandbox
