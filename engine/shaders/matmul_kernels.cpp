#include "engine/shaders/matmul_kernels.hpp"

#include <algorithm>
#include <array>

#include "engine/shaders/kernels.hpp"

namespace engine::shaders {
namespace {

using formats::TensorType;

// Both come from the build: an array of words per compiled kernel, and a line of the table for each.
#include "matmul_words.inc"
constexpr auto kKernels = std::to_array<MatmulKernel>({
#include "matmul_table.inc"
});

}  // namespace

std::span<const MatmulKernel> matmul_kernels() {
    return kKernels;
}

const vulkan::Program* find_matmul(Family family, TensorType type, FastArithmetic arithmetic, TokenTile tile) {
    const auto found = std::find_if(kKernels.begin(), kKernels.end(), [&](const MatmulKernel& kernel) {
        return kernel.family == family && kernel.type == type && kernel.arithmetic == arithmetic && kernel.tile == tile;
    });
    return found == kKernels.end() ? nullptr : &found->program;
}

FastArithmetic arithmetic_for(const KernelFamily& family, Numerics numerics, TensorType type) {
    // All tiles of a type exist or none: Many stands for them.
    const bool fast = numerics == Numerics::Fast && find_matmul(family.family, type, family.fast, TokenTile::Many);
    return fast ? family.fast : FastArithmetic::None;
}

}  // namespace engine::shaders
