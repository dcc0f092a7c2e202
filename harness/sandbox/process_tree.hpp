#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace harness::sandbox {

/// A process and all its descendants at one moment, from /proc. Processes that end during the scan may be missing.
struct ProcessTree {
    std::vector<pid_t> stopped;                          ///< by a signal
    bool runnable = false;                               ///< one of them runs or waits for a processor
    std::chrono::milliseconds cpu{0};                    ///< of all members and of the children that they have reaped
    std::map<pid_t, std::chrono::milliseconds> own_cpu;  ///< of each member, without its children
    std::uint64_t resident_bytes = 0;                    ///< shared memory is counted once per process
    std::vector<pid_t> members;
};

/// The children of all threads of a process; empty if the kernel has no /proc/PID/task/TID/children.
std::vector<pid_t> children_of(pid_t process);

/// Empty if the kernel has no /proc/PID/task/TID/children. Does not throw when processes end during the scan.
ProcessTree process_tree(pid_t root);

/// Memory of the processes, with shared memory counted once; 0 if the kernel does not report it. [bytes]
std::uint64_t proportional_bytes(const std::vector<pid_t>& processes);

/// Number of files and folders on the file system that a process sees as `path`; 0 if unknown.
std::uint64_t files_of(pid_t process, const char* path);

}  // namespace harness::sandbox
