#pragma once

#include <cstdio>
#include <system_error>

namespace harness::base {

/// Standard output and standard error for a process that must not end because nobody reads what it prints. While this
/// object exists (it is the first one in main):
/// - printing to `stdout` and `stderr` never fails: what cannot be written is dropped, and the error is kept
/// - a closed pipe and a file beyond `ulimit -f` make a write fail instead of killing the process with a signal
/// - descriptors 0 to 2 are occupied even if the caller closed them, so that no database gets the number of an output
/// std::cout and std::cerr are not covered; the harness does not use them.
class StandardStreams {
public:
    StandardStreams();
    StandardStreams(const StandardStreams&) = delete;
    StandardStreams& operator=(const StandardStreams&) = delete;
    ~StandardStreams();

    /// Flushes, and returns the first error of standard output, if any. std::errc::broken_pipe: the reader closed the
    /// pipe, as `head` does.
    std::error_code finish() noexcept;

private:
    struct Sink {
        int descriptor;
        int error = 0;
    };
    static ssize_t write(void* cookie, const char* bytes, std::size_t size) noexcept;
    static FILE* open(Sink& sink, int buffering);

    Sink out_{1};
    Sink err_{2};
    FILE* out_before_;
    FILE* err_before_;
};

}  // namespace harness::base
