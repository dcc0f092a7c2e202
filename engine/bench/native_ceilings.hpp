#pragma once

#include <cstdint>

namespace engine::bench {

/// Peak rates of the machine's processor without Vulkan: the upper bound for a software device, which runs on it.
struct NativeCeilings {
    std::uint32_t threads = 0;         ///< One per processor.
    double read_bytes_per_second = 0;  ///< Streaming read of kNativeReadBytes by all threads.
    double flop_per_second = 0;        ///< f32 multiply-adds in registers of all threads, two operations each.
};
inline constexpr std::uint64_t kNativeReadBytes = 1ULL << 30;

/// The higher rates of two passes: a disturbance only makes a pass slower, and a share of the ceiling must not look
/// better for it.
NativeCeilings higher(const NativeCeilings& one, const NativeCeilings& other);

/// Measures the ceilings. Measure before and after the work to compare, because they drift: on a virtual machine two
/// threads read 34 GB/s for some minutes and 56 GB/s for others, while one thread always reads 30 GB/s. Needs 1 GiB of
/// memory; a pass takes about half a second.
class NativeProbe {
public:
    NativeProbe();
    ~NativeProbe();
    NativeProbe(const NativeProbe&) = delete;
    NativeProbe& operator=(const NativeProbe&) = delete;

    /// One pass. The times exclude starting the threads.
    NativeCeilings measure();

private:
    void* memory_ = nullptr;
};

}  // namespace engine::bench
