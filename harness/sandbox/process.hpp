#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/sandbox/cgroup.hpp"
#include "harness/sandbox/limits.hpp"

namespace harness::sandbox {

/// Why a process was ended from here.
enum class Cut { None, Cpu, Wall, Memory, Files, Stopped, Interrupted };

/// What is left of a command.
struct Ended {
    Cut cut = Cut::None;
    std::string errors;          ///< the first KiB of its standard error
    std::string last_errors;     ///< the last KiB of it
    std::string result;          ///< what it wrote to descriptor 3
    std::string report;          ///< what it wrote to descriptor 7, at most 4 KiB
    int status = 0;              ///< as waitpid has it
    bool out_of_memory = false;  ///< its cgroup killed a process for want of memory
};

/// A command and what it may use.
struct Job {
    const std::vector<std::string>& command;
    const std::string& program;  ///< its standard input
    const std::string& filter;   ///< its descriptor 4
    const Limits& limits;
    std::size_t result_bytes = 64;  ///< of descriptor 3 that are kept
    const Cgroups* cgroups = nullptr;
    /// Asked ten times a second; false ends the command.
    const std::function<bool()>& keep_on;
};

/// Runs a command in a session of its own, so that a terminal's Ctrl-C and Ctrl-Z do not reach it, with nothing
/// inherited: not the environment, no descriptor but 0 to 7, standard output discarded. Returns when it is gone.
///
/// The command is bubblewrap: on descriptor 5 it tells `"child-pid": N`, the process that is put into a cgroup; after
/// that it may read a byte from descriptor 6 and go on. What bubblewrap leaves behind is ended and reaped here: the
/// calling process adopts orphans among its descendants from then on. Where the first process of a container never
/// reaps, they would stay for ever.
///
/// Wall time is time in which this process could look and nobody in the command was running, runnable or stopped. A
/// stopped process is continued; if it is stopped again and again, the command ends with Cut::Stopped.
///
/// Throws std::system_error when the command cannot be started. Any thread.
Ended run_process(const Job& job);

}  // namespace harness::sandbox
