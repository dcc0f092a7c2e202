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
    MatmulF32, MatmulF32One,
    MatmulF16, MatmulF16One,
    MatmulBF16, MatmulBF16One,
    MatmulQ8_0, MatmulQ8_0One,
    MatmulQ4_0, MatmulQ4_0One,
    MatmulQ4_1, MatmulQ4_1One,
    MatmulQ5_0, MatmulQ5_0One,
    MatmulQ5_1, MatmulQ5_1One,
    MatmulQ2_K, MatmulQ2_KOne,
    MatmulQ3_K, MatmulQ3_KOne,
    MatmulQ4_K, MatmulQ4_KOne,
    MatmulQ5_K, MatmulQ5_KOne,
    MatmulQ6_K, MatmulQ6_KOne,
    MatmulIQ4_NL, MatmulIQ4_NLOne,
    MatmulIQ4_XS, MatmulIQ4_XSOne,
    RmsNorm, Rope, Attention, SiluMultiply, LogitStatistics, Gather, ReadCeiling, ArithmeticCeiling
};
inline constexpr std::size_t kKernelCount = 38;

struct KernelSource {
    std::string_view name;
    std::span<const std::uint32_t> words;  ///< SPIR-V
    std::string_view bindings;             ///< by number: B storage buffer, T storage texel buffer
    std::uint32_t push_bytes;
};
const KernelSource& source(Kernel kernel);

}  // namespace engine::shaders
