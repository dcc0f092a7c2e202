#include "engine/bench/native_ceilings.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <stdexcept>
#include <thread>
#include <vector>

namespace engine::bench {
namespace {

using Clock = std::chrono::steady_clock;

// Vector width is chosen at run time for the processor: 64 bytes if it supports them, else 32 bytes with AVX, else
// several registers for one vector. Multiply-adds are fused if the processor can (this file is compiled with
// -ffp-contract=fast).
using Words = std::uint64_t __attribute__((vector_size(32)));
#if defined(__x86_64__)
#define BELLWETHER_CLONES __attribute__((target_clones("arch=x86-64-v3", "default")))
#define BELLWETHER_WIDE __attribute__((target("arch=x86-64-v4")))
#else
#define BELLWETHER_CLONES
#endif

// Independent sums of a loop, which is unrolled over them so that they stay in registers: in memory they would cost
// several times as much.
constexpr std::size_t kChains = 12;
constexpr std::size_t kFolds = 8;
constexpr std::size_t kSteps = 20'000'000;

struct Vector32 {
    using Floats = float __attribute__((vector_size(32)));
};
struct Vector64 {
    using Floats = float __attribute__((vector_size(64)));
};

/// kSteps multiply-adds in each of kChains independent chains of vectors.
template <class Vector>
[[gnu::always_inline]] inline float chains(float start) {
    using Floats = typename Vector::Floats;
    Floats x = {};
    Floats y = {};
    std::array<Floats, kChains> a = {};
    for (std::size_t i = 0; i < sizeof(Floats) / sizeof(float); ++i) {
        x[i] = 0.999F + start;
        y[i] = 0.001F;
        for (std::size_t chain = 0; chain < kChains; ++chain)
            a[chain][i] = static_cast<float>(chain) + start;  // different in every element
    }
    for (std::size_t step = 0; step < kSteps; ++step) {
#pragma GCC unroll kChains
        for (std::size_t i = 0; i < kChains; ++i) a[i] = a[i] * x + y;
    }
    Floats sum = {};
    for (const Floats& chain : a) sum += chain;
    return sum[0];
}

BELLWETHER_CLONES float multiply_add(float start) {
    return chains<Vector32>(start);
}

#if defined(__x86_64__)
BELLWETHER_WIDE float multiply_add_wide(float start) {
    return chains<Vector64>(start);
}
#endif

/// Floats per vector of the processor, and a function that keeps its arithmetic units busy.
struct Arithmetic {
    std::size_t floats;
    float (*work)(float start);
};

Arithmetic arithmetic() {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512vl") != 0)
        return {16, multiply_add_wide};
#endif
    return {8, multiply_add};
}

BELLWETHER_CLONES std::uint64_t read_all(const std::byte* from, std::size_t bytes) {
    std::array<Words, kFolds> fold = {};
    for (std::size_t at = 0; at < bytes; at += sizeof fold) {
#pragma GCC unroll kFolds
        for (std::size_t i = 0; i < kFolds; ++i) {
            Words words;
            std::memcpy(&words, from + at + i * sizeof words, sizeof words);
            fold[i] ^= words;
        }
    }
    Words all = {};
    for (const Words& words : fold) all ^= words;
    return all[0] ^ all[1] ^ all[2] ^ all[3];
}

/// Seconds of `work(thread)` on all threads at once.
template <class Work>
double seconds_on(std::uint32_t threads, const Work& work) {
    const auto start = Clock::now();
    std::vector<std::thread> running;
    for (std::uint32_t thread = 1; thread < threads; ++thread) running.emplace_back(work, thread);
    work(0U);
    for (std::thread& thread : running) thread.join();
    return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

NativeCeilings higher(const NativeCeilings& one, const NativeCeilings& other) {
    return {one.threads, std::max(one.read_bytes_per_second, other.read_bytes_per_second),
            std::max(one.flop_per_second, other.flop_per_second)};
}

NativeProbe::NativeProbe() {
    memory_ = ::mmap(nullptr, kNativeReadBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory_ == MAP_FAILED)
        throw std::runtime_error("no memory for measuring the processor's read rate: 1 GiB is needed");
    // Unwritten pages would all map to the same zero page.
    std::memset(memory_, 1, kNativeReadBytes);
}

NativeProbe::~NativeProbe() {
    ::munmap(memory_, kNativeReadBytes);
}

NativeCeilings NativeProbe::measure() {
    // Stored so that the compiler cannot remove the work as unused.
    static std::atomic<std::uint64_t> sink = 0;
    const std::uint32_t threads = std::max(1U, std::thread::hardware_concurrency());
    // Whole pages for each thread.
    const std::size_t share = kNativeReadBytes / threads / 4096 * 4096;
    const double read = seconds_on(threads, [this, share](std::uint32_t thread) {
        sink += read_all(static_cast<const std::byte*>(memory_) + thread * share, share);
    });
    const Arithmetic busy = arithmetic();
    const double computed = seconds_on(threads, [busy](std::uint32_t thread) {
        sink += busy.work(static_cast<float>(thread) * 1e-6F) > 0.5F ? 1U : 0U;
    });
    const double flop = 2.0 * static_cast<double>(busy.floats * kChains * kSteps * threads);
    return {threads, static_cast<double>(share * threads) / read, flop / computed};
}

}  // namespace engine::bench
