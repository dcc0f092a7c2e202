#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "harness/sandbox/limits.hpp"

namespace harness::sandbox {

/// The cgroup (version 2) of one program. The destructor kills all processes in it and removes it.
class Cgroup {
public:
    explicit Cgroup(std::filesystem::path folder) : folder_(std::move(folder)) {}
    Cgroup(const Cgroup&) = delete;
    Cgroup& operator=(const Cgroup&) = delete;
    ~Cgroup();

    /// Throws std::system_error.
    void add(pid_t process) const;
    /// CPU time of all processes in it, ended ones included; nullopt where the kernel does not report it.
    std::optional<std::chrono::milliseconds> cpu() const;
    /// Whether the kernel killed one of its processes for lack of memory.
    bool out_of_memory() const;

private:
    std::filesystem::path folder_;
};

/// A cgroup delegated to this process, in which it creates one for each program.
class Cgroups {
public:
    /// Finds the cgroup of this process, moves the process into a leaf of it and enables the controllers `memory` and
    /// `pids` for others; nullptr, with the reason in `why_not`, where that is not permitted or the cgroup has another
    /// process.
    static std::unique_ptr<Cgroups> delegated(std::string& why_not);
    /// The same below a given folder, which must have no process.
    static std::unique_ptr<Cgroups> below(const std::filesystem::path& folder, std::string& why_not);
    ~Cgroups();

    /// A new cgroup with the limits of a program. Throws std::system_error.
    std::unique_ptr<Cgroup> make(const Limits& limits) const;
    /// "memory, processes and CPU time": what the kernel limits or counts here. CPU time always is; the others only
    /// where this cgroup has their controller.
    std::string bounds() const;
    bool bounds_memory() const { return memory_; }

private:
    Cgroups(std::filesystem::path folder, bool memory, bool processes);

    std::filesystem::path folder_;
    bool memory_ = false;
    bool processes_ = false;
};

}  // namespace harness::sandbox
