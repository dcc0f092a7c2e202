#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "engine/shaders/family.hpp"

namespace engine::shaders {

using uint = std::uint32_t;
#include "engine/shaders/gpu/tiles.h"
#include "engine/shaders/push.h"

/// Matrix kernels come in two shapes per weight type: several tokens (kTokensMany) and one token per workgroup, with
/// the same sums. F32, whose loads cost more than its arithmetic, has a third, for kTokensWide. Those of small integers
/// also exist for activations in 8-bit integers ("fast").
enum class Kernel : std::size_t {
    // clang-format off
    MatmulF32, MatmulF32One,
    MatmulF16, MatmulF16One,
    MatmulBF16, MatmulBF16One,
    MatmulQ8_0, MatmulQ8_0One, FastQ8_0, FastQ8_0One,
    MatmulQ4_0, MatmulQ4_0One, FastQ4_0, FastQ4_0One,
    MatmulQ4_1, MatmulQ4_1One, FastQ4_1, FastQ4_1One,
    MatmulQ5_0, MatmulQ5_0One, FastQ5_0, FastQ5_0One,
    MatmulQ5_1, MatmulQ5_1One, FastQ5_1, FastQ5_1One,
    MatmulQ2_K, MatmulQ2_KOne, FastQ2_K, FastQ2_KOne,
    MatmulQ3_K, MatmulQ3_KOne, FastQ3_K, FastQ3_KOne,
    MatmulQ4_K, MatmulQ4_KOne, FastQ4_K, FastQ4_KOne,
    MatmulQ5_K, MatmulQ5_KOne, FastQ5_K, FastQ5_KOne,
    MatmulQ6_K, MatmulQ6_KOne, FastQ6_K, FastQ6_KOne,
    MatmulIQ4_NL, MatmulIQ4_NLOne, FastIQ4_NL, FastIQ4_NLOne,
    MatmulIQ4_XS, MatmulIQ4_XSOne, FastIQ4_XS, FastIQ4_XSOne,
    MatmulF32Wide, Quantise, RmsNorm, RmsNorm8Bits, Rope, Attention, Attention8Bits, AttentionOne, AttentionOne8Bits, SiluMultiply, SiluMultiply8Bits,
    LogitStatistics, Gather, Draw, ReadCeiling, ArithmeticCeiling,
    MatrixF16, MatrixF16Few,  // from here on: GPUs alone
    MatrixQ8_0, MatrixQ8_0Few, MatrixQ4_0, MatrixQ4_0Few, MatrixQ4_1, MatrixQ4_1Few, MatrixQ5_0, MatrixQ5_0Few,
    MatrixQ5_1, MatrixQ5_1Few, MatrixQ2_K, MatrixQ2_KFew, MatrixQ3_K, MatrixQ3_KFew, MatrixQ4_K, MatrixQ4_KFew,
    MatrixQ5_K, MatrixQ5_KFew, MatrixQ6_K, MatrixQ6_KFew, MatrixIQ4_NL, MatrixIQ4_NLFew, MatrixIQ4_XS, MatrixIQ4_XSFew,
    MatrixCeiling, AttentionSplit, AttentionCombine
    // clang-format on
};
inline constexpr std::size_t kKernelCount = static_cast<std::size_t>(Kernel::AttentionCombine) + 1;
inline constexpr std::uint32_t kTokensMany = 8;
inline constexpr std::uint32_t kTokensWide = 16;

/// Of the matrix kernel `many`: the same for one token.
constexpr Kernel for_one_token(Kernel many) {
    return static_cast<Kernel>(static_cast<std::size_t>(many) + 1);
}
/// Of the exact matrix kernel of a type of small integers: the fast one. Others have none.
constexpr bool has_fast(Kernel exact) {
    return exact >= Kernel::MatmulQ8_0 && exact < Kernel::MatmulF32Wide;
}
constexpr Kernel fast(Kernel exact) {
    return static_cast<Kernel>(static_cast<std::size_t>(exact) + 2);
}

/// Of an exact matrix kernel: whether matrix units can take its weights as halves, and the kernel for many tokens
/// that does; for_one_token() of it takes up to kMatrixFewTokens.
constexpr bool has_matrix(Kernel exact) {
    return exact == Kernel::MatmulF16 || has_fast(exact);
}
constexpr Kernel matrix(Kernel exact) {
    if (exact == Kernel::MatmulF16) return Kernel::MatrixF16;
    const std::size_t type = (static_cast<std::size_t>(exact) - static_cast<std::size_t>(Kernel::MatmulQ8_0)) / 4;
    return static_cast<Kernel>(static_cast<std::size_t>(Kernel::MatrixQ8_0) + type * 2);
}

/// Of a kernel whose results are a matrix's activations in f32: the one that gives them in 8 bits.
constexpr Kernel in_8_bits(Kernel plain) {
    return static_cast<Kernel>(static_cast<std::size_t>(plain) + 1);
}

struct KernelSource {
    std::string_view name;
    std::span<const std::uint32_t> words;  ///< SPIR-V
    std::string_view bindings;             ///< by number: B storage buffer, T storage texel buffer
    std::uint32_t push_bytes;
    bool whole_subgroups = false;  ///< needs subgroups of exactly the size that it is specialised for
};
/// What a family runs as `kernel`: its own module, or that of the software family. Without words: it has none.
const KernelSource& source(Kernel kernel, const KernelFamily& family);

}  // namespace engine::shaders
