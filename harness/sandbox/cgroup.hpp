#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "harness/sandbox/limits.hpp"

namespace harness::sandbox {

/// The cgroup (version 2) of one program. Removed, with all that still runs in it, when it is destroyed.
class Cgroup {
public:
    explicit Cgroup(std::filesystem::path folder) : folder_(std::move(folder)) {}
    Cgroup(const Cgroup&) = delete;
    Cgroup& operator=(const Cgroup&) = delete;
    ~Cgroup();

    /// Throws std::system_error.
    void add(pid_t process) const;
    /// CPU time of all that ran in it, what ended included; none where the kernel does not tell.
    std::optional<std::chrono::milliseconds> cpu() const;
    /// Whether the kernel killed one of its processes for want of memory.
    bool out_of_memory() const;

private:
    std::filesystem::path folder_;
};

/// A cgroup that was delegated to this process, in which it makes one for each program.
class Cgroups {
public:
    /// Looks for the cgroup of this process, moves the process into a leaf of it and takes the controllers `memory` and
    /// `pids` for others; nothing, with the reason in `why_not`, where that is not allowed or another process is there.
    static std::unique_ptr<Cgroups> delegated(std::string& why_not);
    /// The same below a given folder, in which no process may be.
    static std::unique_ptr<Cgroups> below(const std::filesystem::path& folder, std::string& why_not);
    ~Cgroups();

    /// A new cgroup with the limits of a program. Throws std::system_error.
    std::unique_ptr<Cgroup> make(const Limits& limits) const;
    /// "memory, processes and CPU time", as far as the kernel bounds or counts them here. CPU time always is; the rest
    /// only where its controller is given to this cgroup.
    std::string bounds() const;
    bool bounds_memory() const { return memory_; }

private:
    Cgroups(std::filesystem::path folder, bool memory, bool processes);

    std::filesystem::path folder_;
    bool memory_ = false;
    bool processes_ = false;
};

}  // namespace harness::sandbox
