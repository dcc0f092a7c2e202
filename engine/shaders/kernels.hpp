#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/shaders/family.hpp"
#include "engine/vulkan/program.hpp"

namespace engine::shaders {

using uint = std::uint32_t;
#include "engine/shaders/gpu/tiles.h"
#include "engine/shaders/push.h"

/// The kernels that exist once; those that multiply with weights exist for each block type, see matmul_kernels.hpp.
enum class Kernel : std::uint8_t {
    Quantise,
    RmsNorm,
    RmsNorm8Bits,
    Rope,
    Attention,
    Attention8Bits,
    AttentionOne,
    AttentionOne8Bits,
    SiluMultiply,
    SiluMultiply8Bits,
    AddBias,
    LogitStatistics,
    Gather,
    Draw,
    ReadCeiling,
    ArithmeticCeiling,
    // GPUs alone
    MatrixCeiling,
    AttentionSplit,
    AttentionCombine,
};

/// Of a kernel whose results are a matrix's activations in f32: the one that stores them in 8 bits.
Kernel in_8_bits(Kernel plain);

/// What a family runs as `kernel`: its own module, or that of the software family. Without words: it has none.
const vulkan::Program& program(Kernel kernel, const KernelFamily& family);

/// A kernel of one of the families.
struct KernelEntry {
    Kernel kernel;
    vulkan::Program program;
};
/// All of the software family.
std::span<const KernelEntry> software_kernels();

}  // namespace engine::shaders
