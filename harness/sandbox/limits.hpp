#pragma once

#include <chrono>
#include <cstdint>

namespace harness::sandbox {

/// Limits of one program. The defaults suit HumanEval and MBPP: no program that passes in lm-evaluation-harness within
/// its 3 seconds of wall time should reach one, on a slower or a busy machine either. Output is not limited: standard
/// output is discarded, and of standard error only the first and the last KiB are kept.
struct Limits {
    /// CPU time: of each process (enforced by the kernel) and of all together (see confinement() for how exactly).
    /// The slowest correct program, the reference solution of task 123 of MBPP, takes 2.5 s on a quiet machine and took
    /// more than 3 s on a busy one, where two programs share a core.
    std::uint32_t cpu_seconds = 10;
    /// Waiting time: while no process of the program is running or runnable. It does not count while one of them is
    /// stopped by a signal. Forty times this wall time ends a program even if it is busy.
    std::chrono::milliseconds wall{15000};
    std::uint64_t memory_bytes = std::uint64_t{1} << 30;    ///< resident, all processes together
    std::uint64_t address_bytes = std::uint64_t{4} << 30;   ///< address space of one process
    std::uint32_t processes = 256;                          ///< including threads and the sandbox's own process
    std::uint64_t scratch_bytes = std::uint64_t{64} << 20;  ///< all files in /tmp together
    std::uint64_t scratch_files = 10000;                    ///< files and folders in /tmp
    std::uint32_t open_files = 256;                         ///< of one process
};

}  // namespace harness::sandbox
