#pragma once

#include <cstdio>
#include <system_error>

namespace harness::base {

/// Standard output and standard error of a process whose work must not end because nobody reads what it prints.
/// While one of these lives (the first object of main):
/// - printing to `stdout` and `stderr` never fails: what cannot be written is dropped and the error is kept
/// - a reader that goes, and a file beyond `ulimit -f`, are errors of a write instead of a signal that kills
/// - descriptors 0 to 2 are taken, also when the caller closed them: no database gets the number of an output
/// std::cout and std::cerr go past it; nothing in the harness uses them.
class StandardStreams {
public:
    StandardStreams();
    StandardStreams(const StandardStreams&) = delete;
    StandardStreams& operator=(const StandardStreams&) = delete;
    ~StandardStreams();

    /// Writes what is buffered; the first error of standard output, if any. std::errc::broken_pipe: the reader had
    /// enough, as `head` has.
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
