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

/// All kernels except the matrix kernels, which exist per block type: see matmul_kernels.hpp.
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
    // Only for GPUs:
    MatrixCeiling,
    AttentionSplit,
    AttentionCombine,
};

/// The variant of a kernel that stores its results as 8-bit activations.
Kernel in_8_bits(Kernel plain);

/// The program of `kernel` for a family: the family's own, else that of the software family; empty words when there is
/// none.
const vulkan::Program& program(Kernel kernel, const KernelFamily& family);

struct KernelEntry {
    Kernel kernel;
    vulkan::Program program;
};
/// All kernels of the software family.
std::span<const KernelEntry> software_kernels();

}  // namespace engine::shaders
