#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace engine::shaders {

using uint = std::uint32_t;
#include "engine/shaders/push.h"

/// Matrix kernels come in two shapes per weight type: 8 tokens and 1 token per workgroup, with the same sums.
enum class Kernel : std::size_t {
    MatmulF32, MatmulF32One, MatmulF16, MatmulF16One, MatmulBF16, MatmulBF16One, MatmulQ8_0, MatmulQ8_0One, MatmulQ4_0, MatmulQ4_0One,
    MatmulQ6_K, MatmulQ6_KOne,
    RmsNorm, Rope, Attention, SiluMultiply, LogitStatistics, Gather, ReadCeiling, ArithmeticCeiling
};
inline constexpr std::size_t kKernelCount = 20;

struct KernelSource {
    std::string_view name;
    std::span<const std::uint32_t> words;  ///< SPIR-V
    std::string_view bindings;             ///< by number: B storage buffer, T storage texel buffer
    std::uint32_t push_bytes;
};
const KernelSource& source(Kernel kernel);

}  // namespace engine::shaders
