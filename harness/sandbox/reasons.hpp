#pragma once

#include <optional>
#include <string>

#include "harness/sandbox/outcome.hpp"
#include "harness/sandbox/process.hpp"

namespace harness::sandbox {

/// What the first process in the sandbox reports (python/launch.py).
struct Report {
    bool began = false;         ///< the limits are set and the program starts
    std::optional<int> status;  ///< of the program's process, as waitpid has it
    double cpu_seconds = 0;
    double cpu_limit = 0;  ///< of the program's process in the end; it may have lowered it [s]
};
Report parse_report(const std::string& text);

/// "SIGSEGV", or "signal 42".
std::string signal_name(int signal);

/// The outcome of a program whose process ended by itself without having run to its end, or by a signal that the
/// kernel sends for an error or a limit.
Outcome failure(const std::string& program, const Ended& ended, const Report& report, const Limits& limits);

/// Whether a process may have been ended by somebody else's signal: not by one that tells of an error, and not by the
/// kernel at its limit of CPU time.
bool may_be_from_outside(const Report& report);

/// The last line that is not empty; what cannot be printed is left out.
std::string last_line(const std::string& text);

}  // namespace harness::sandbox
