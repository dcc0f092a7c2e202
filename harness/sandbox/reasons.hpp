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
};
Report parse_report(const std::string& text);

/// "SIGSEGV", or "signal 42".
std::string signal_name(int signal);

/// The outcome of a program whose process ended by itself without having run to its end, or by a signal that the
/// kernel sends for an error or a limit.
Outcome failure(const std::string& program, const Ended& ended, const Report& report, const Limits& limits);

/// Whether a status is that of a signal by which somebody else may have ended the process.
bool may_be_from_outside(int status);

/// The last line that is not empty; what cannot be printed is left out.
std::string last_line(const std::string& text);

}  // namespace harness::sandbox
