#pragma once

#include <optional>
#include <string>

#include "harness/sandbox/outcome.hpp"
#include "harness/sandbox/process.hpp"

namespace harness::sandbox {

/// The report of the first process in the sandbox (python/launch.py).
struct Report {
    bool began = false;         ///< the limits are set and the program is starting
    std::optional<int> status;  ///< of the program's process, as from waitpid
    double cpu_seconds = 0;
    double cpu_limit = 0;  ///< final limit of the program's process, which may have lowered it [s]
};
Report parse_report(const std::string& text);

/// "SIGSEGV", or "signal 42".
std::string signal_name(int signal);

/// The outcome of a program whose process ended by itself before the end of the program, or by a signal that the kernel
/// sends for an error or a limit.
Outcome failure(const std::string& program, const Ended& ended, const Report& report, const Limits& limits);

/// Whether a signal from outside may have killed a process: one that does not signal an error and was not sent by the
/// kernel at the CPU-time limit.
bool may_be_from_outside(const Report& report);

/// The last line that is not empty, without unprintable characters.
std::string last_line(const std::string& text);

}  // namespace harness::sandbox
