#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/sandbox/cgroup.hpp"
#include "harness/sandbox/limits.hpp"

namespace harness::sandbox {

/// Why this program killed a process.
enum class Cut { None, Cpu, Wall, Memory, Files, Stopped, Interrupted };

/// Result of a command that has ended.
struct Ended {
    Cut cut = Cut::None;
    std::string errors;          ///< the first KiB of its standard error
    std::string last_errors;     ///< the last KiB of it
    std::string result;          ///< what it wrote to descriptor 3
    std::string report;          ///< what it wrote to descriptor 7, at most 4 KiB
    int status = 0;              ///< as from waitpid
    bool out_of_memory = false;  ///< the kernel killed a process of its cgroup for lack of memory
};

/// A command and its limits.
struct Job {
    const std::vector<std::string>& command;
    const std::string& program;  ///< its standard input
    const std::string& filter;   ///< its descriptor 4
    const Limits& limits;
    std::size_t result_bytes = 64;  ///< max bytes kept from descriptor 3
    const Cgroups* cgroups = nullptr;
    /// Called ten times a second; when it returns false, the command is killed.
    const std::function<bool()>& keep_on;
};

/// Runs a command in a session of its own, so that a terminal's Ctrl-C and Ctrl-Z do not reach it. It inherits nothing:
/// no environment, no descriptors except 0 to 7; standard output is discarded. Returns when the command has ended.
///
/// The command is bubblewrap: on descriptor 5 it writes `"child-pid": N`, the process to put into a cgroup; it then
/// waits for a byte on descriptor 6 before it continues. Processes that bubblewrap leaves behind are killed and reaped
/// here: from then on the calling process adopts orphans among its descendants. In a container whose first process
/// never reaps, they would otherwise stay as zombies.
///
/// Wall time counts only while this process itself was running and no process of the command was running, runnable or
/// stopped. A stopped process is continued; if it is stopped again and again, the command ends with Cut::Stopped.
///
/// Throws std::system_error when the command cannot be started. Callable from any thread.
Ended run_process(const Job& job);

}  // namespace harness::sandbox
