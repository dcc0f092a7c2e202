#pragma once

#include <cstdint>
#include <span>

#include "engine/formats/tensor_type.hpp"
#include "engine/shaders/family.hpp"
#include "engine/vulkan/program.hpp"

namespace engine::shaders {

/// Number of tokens per workgroup of a matrix kernel. For a given type and arithmetic, all give the same bits.
enum class TokenTile : std::uint8_t {
    Few,   ///< software: 1, for up to kTokensFew; GPU: kFewTokens or kMatrixFewTokens
    Many,  ///< software: kTokensMany; GPU: as tiles.h says
    Wide,  ///< software, kTokensWide: fast arithmetic, and the exact one of types that have no fast one
};
inline constexpr std::uint32_t kTokensFew = 3;  ///< up to so many, each token has its own workgroups
inline constexpr std::uint32_t kTokensMany = 8;
inline constexpr std::uint32_t kTokensWide = 16;

/// A kernel that multiplies weights of one block type with activations. FastArithmetic::None: exact numerics.
struct MatmulKernel {
    Family family;
    formats::TensorType type;
    FastArithmetic arithmetic;
    TokenTile tile;
    vulkan::Program program;
};

/// All matrix kernels. The build generates the table from engine/formats/block_types.hpp.
std::span<const MatmulKernel> matmul_kernels();

/// nullptr when there is none: not every type has every arithmetic.
const vulkan::Program* find_matmul(Family family, formats::TensorType type, FastArithmetic arithmetic, TokenTile tile);

/// The arithmetic used for a type under `numerics`: the family's fast one if the type has it, else None.
FastArithmetic arithmetic_for(const KernelFamily& family, Numerics numerics, formats::TensorType type);

/// Whether kernels of an arithmetic read 8-bit activations, as written by Kernel::Quantise.
constexpr bool reads_8_bits(FastArithmetic arithmetic) {
    return arithmetic == FastArithmetic::Pairs || arithmetic == FastArithmetic::Dot;
}

}  // namespace engine::shaders
