#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace harness::sandbox {

/// The sandbox cannot work on this machine; the message says why and what to do.
class SandboxError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// What one program may use. The defaults suit HumanEval and MBPP.
struct Limits {
    /// Computing time of one process. The reference harness stops after 3 seconds of wall time; computing time does not
    /// depend on what else the machine does.
    std::uint32_t cpu_seconds = 3;
    std::chrono::milliseconds wall{15000};                  ///< start of the sandbox included
    std::uint64_t memory_bytes = std::uint64_t{1} << 30;    ///< address space of one process
    std::uint32_t processes = 8;                            ///< and threads, the sandbox's own two included
    std::uint64_t scratch_bytes = std::uint64_t{64} << 20;  ///< all files in /tmp together
    std::uint64_t output_bytes = std::uint64_t{1} << 20;    ///< standard output and error together
};

/// The first limit that ended a program.
enum class Limit { None, Wall, Cpu, Output };
const char* to_string(Limit limit);  ///< "", "wall time", "CPU time", "output"

/// How a program went.
struct Outcome {
    bool passed = false;     ///< ran to its end: no exception, no exit on the way
    bool timed_out = false;  ///< by wall or CPU time
    Limit killed_by = Limit::None;
    int exit_code = 0;   ///< 128 + N after signal N
    std::string errors;  ///< the first KiB of standard error
};

/// Runs Python programs that nobody has read: bubblewrap with namespaces of its own for users, processes, network, IPC
/// and host name; of the file system only /usr, read-only, and an empty /tmp; no environment, no new privileges, no
/// terminal; limits from within; no calls of the kernel that benchmarks have no use for (syscall_filter.hpp). As root,
/// the sandbox is entered as nobody, for the kernel does not count root's processes. Where the kernel kills for want of
/// memory, it takes a sandbox first. Program and tests are one Python process, so a program that searches its own
/// memory, with ctypes, for what tells that it ran to its end could tell so before: a verdict is worth what programs
/// are that do not do this. Immutable after construction; all threads may run programs at once.
class Sandbox {
public:
    /// Runs an empty program to see that it works. Throws SandboxError.
    explicit Sandbox(const Limits& limits = {});

    /// One program in a sandbox of its own, as the body of a script that is not the main module (so that what stands
    /// below `if __name__ == "__main__"` does not run). Throws SandboxError when the sandbox could not be started at
    /// all; whatever the program does is an outcome.
    Outcome run(const std::string& program) const;

    /// The same for many, up to `parallel` at a time (0: as many as the machine has processors). In their order.
    std::vector<Outcome> run_all(const std::vector<std::string>& programs, unsigned parallel = 0) const;

    const Limits& limits() const { return limits_; }

private:
    Limits limits_;
    std::vector<std::string> command_;  ///< bubblewrap and its arguments, Python and the launcher
};

/// Why code tasks cannot run here; nothing when they can.
std::optional<std::string> why_unavailable();

}  // namespace harness::sandbox
