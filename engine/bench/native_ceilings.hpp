#pragma once

#include <cstdint>

namespace engine::bench {

/// What the machine's processor can do without Vulkan: the bound for a software device, which runs on the same
/// processor.
struct NativeCeilings {
    std::uint32_t threads = 0;         ///< as many as there are processors
    double read_bytes_per_second = 0;  ///< streaming read of `kNativeReadBytes`, all threads
    double flop_per_second = 0;        ///< f32 multiply-adds in registers, two operations each, all threads
};
inline constexpr std::uint64_t kNativeReadBytes = 1ULL << 30;

/// Of two passes the higher rates: what disturbs a pass only slows it, and a share of a ceiling must not profit from
/// that.
NativeCeilings higher(const NativeCeilings& one, const NativeCeilings& other);

/// Measures them beside some work, with a pass before it and one after it, because they do not stand still: on a
/// virtual machine two threads read 34 GB/s for some minutes and 56 for others, while one alone reads 30 at any time,
/// as if the two cores shared a path to memory or did not. Takes 1 GiB; a pass takes about half a second.
class NativeProbe {
public:
    NativeProbe();
    ~NativeProbe();
    NativeProbe(const NativeProbe&) = delete;
    NativeProbe& operator=(const NativeProbe&) = delete;

    /// One pass. The threads' start is not in the times.
    NativeCeilings measure();

private:
    void* memory_ = nullptr;
};

}  // namespace engine::bench
