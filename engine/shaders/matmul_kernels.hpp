#pragma once

#include <cstdint>
#include <span>

#include "engine/formats/tensor_type.hpp"
#include "engine/shaders/family.hpp"
#include "engine/vulkan/program.hpp"

namespace engine::shaders {

/// Tokens of a workgroup of a matrix kernel. Kernels of one type and arithmetic give the same bits in every tile.
enum class TokenTile : std::uint8_t {
    Few,   ///< software: 1; GPU: kFewTokens or kMatrixFewTokens
    Many,  ///< software: kTokensMany; GPU: as tiles.h says
    Wide,  ///< software, F32, whose loads cost more than its arithmetic: kTokensWide
};
inline constexpr std::uint32_t kTokensMany = 8;
inline constexpr std::uint32_t kTokensWide = 16;

/// A kernel that multiplies the weights of one block type with activations. FastArithmetic::None: exact.
struct MatmulKernel {
    Family family;
    formats::TensorType type;
    FastArithmetic arithmetic;
    TokenTile tile;
    vulkan::Program program;
};

/// All of them, made by the build from engine/formats/block_types.hpp.
std::span<const MatmulKernel> matmul_kernels();

/// Null where there is none: not every type has fast arithmetic of every kind.
const vulkan::Program* find_matmul(Family family, formats::TensorType type, FastArithmetic arithmetic, TokenTile tile);

/// The arithmetic that multiplies a type under `numerics`: the family's fast one where the type has it, or None.
FastArithmetic arithmetic_for(const KernelFamily& family, Numerics numerics, formats::TensorType type);

/// Whether kernels of an arithmetic read activations that Kernel::Quantise has written.
constexpr bool reads_8_bits(FastArithmetic arithmetic) {
    return arithmetic == FastArithmetic::Pairs || arithmetic == FastArithmetic::Dot;
}

}  // namespace engine::shaders
