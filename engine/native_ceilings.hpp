#pragma once

#include <cstdint>

namespace engine {

/// What the machine's processor can do without Vulkan: the bound for a software device, which runs on the same
/// processor.
struct NativeCeilings {
    std::uint32_t threads = 0;         ///< as many as there are processors
    double read_bytes_per_second = 0;  ///< streaming read of `kNativeReadBytes`, all threads
    double flop_per_second = 0;        ///< f32 multiply-adds in registers, two operations each, all threads
};
inline constexpr std::uint64_t kNativeReadBytes = 1ULL << 30;

/// The memory that is read and the threads' start are not in the times; each rate is the best of several passes, since
/// what is sought is a ceiling. Takes 1 GiB and about two seconds.
class NativeProbe {
public:
    NativeProbe();
    ~NativeProbe();
    NativeProbe(const NativeProbe&) = delete;
    NativeProbe& operator=(const NativeProbe&) = delete;

    /// One more pass; returns the best so far.
    NativeCeilings measure();

private:
    void* memory_ = nullptr;
    NativeCeilings best_;
};

}  // namespace engine
