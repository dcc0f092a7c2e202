#pragma once

#include <chrono>
#include <cstdint>

namespace harness::sandbox {

/// What one program may use. The defaults suit HumanEval and MBPP: no program that passes under the reference harness
/// in its 3 seconds should meet one. Output has no limit: standard output is discarded, standard error is read and all
/// but its first and last KiB forgotten.
struct Limits {
    /// CPU time, of one process (by the kernel) and of all together (see confinement() for how exactly). The reference
    /// harness stops after 3 seconds of wall time; CPU time does not depend on what else the machine does.
    std::uint32_t cpu_seconds = 3;
    /// Time spent waiting: with no process of the program running or runnable, or all of them stopped by somebody else,
    /// no time passes. Forty times as much ends a program however busy it is.
    std::chrono::milliseconds wall{15000};
    std::uint64_t memory_bytes = std::uint64_t{1} << 30;    ///< resident, all processes together
    std::uint64_t address_bytes = std::uint64_t{4} << 30;   ///< address space of one process
    std::uint32_t processes = 256;                          ///< threads count too, and the sandbox's own process
    std::uint64_t scratch_bytes = std::uint64_t{64} << 20;  ///< all files in /tmp together
    std::uint64_t scratch_files = 10000;                    ///< files and folders in /tmp
    std::uint32_t open_files = 256;                         ///< of one process
};

}  // namespace harness::sandbox
