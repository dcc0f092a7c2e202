#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace harness::sandbox {

/// A process and all its descendants at one moment, as /proc has them. What ended meanwhile is not there.
struct ProcessTree {
    std::vector<pid_t> stopped;        ///< by a signal
    bool runnable = false;             ///< one of them runs or waits for a processor
    std::chrono::milliseconds cpu{0};  ///< of all that are there and of the children that they have reaped
    std::map<pid_t, std::chrono::milliseconds> own_cpu;  ///< of each member, without its children
    std::uint64_t resident_bytes = 0;                    ///< memory shared by several is counted for each
    std::vector<pid_t> members;
};

/// The children of all threads of a process; none where the kernel has no /proc/PID/task/TID/children.
std::vector<pid_t> children_of(pid_t process);

/// Empty where the kernel has no /proc/PID/task/TID/children. Never throws for processes that end meanwhile.
ProcessTree process_tree(pid_t root);

/// The memory of processes with what they share counted once; 0 where the kernel does not tell.
std::uint64_t proportional_bytes(const std::vector<pid_t>& processes);

/// Files and folders on the file system that a process sees as `path`; 0 where that cannot be seen.
std::uint64_t files_of(pid_t process, const char* path);

}  // namespace harness::sandbox
