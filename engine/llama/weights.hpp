#pragma once

#include <vector>

#include "engine/formats/gguf.hpp"
#include "engine/llama/hyperparameters.hpp"
#include "engine/shaders/kernels.hpp"
#include "engine/vulkan/buffer.hpp"

namespace engine::llama {

/// Weight matrices of one type on the device, one below the other, still quantised: rows interleaved by the subgroup's
/// lanes in units of 16 bytes.
struct Matrix {
    vulkan::Buffer buffer;
    shaders::Kernel kernel = shaders::Kernel::MatmulF32;  ///< exact, for several tokens
    std::uint32_t blocks = 0;                             ///< blocks of 32 values in a row, rounded up
    std::uint32_t rows = 0;    ///< with the padding between and after the matrices, whose results are 0
    std::uint32_t offset = 0;  ///< of the first row's result in a row of results
};

/// Matrices that are multiplied with the same activations. Those of one type are one dispatch.
struct Stack {
    std::vector<Matrix> matrices;
    std::vector<std::uint32_t> offsets;  ///< of each tensor's first result
    std::uint32_t stride = 0;            ///< floats of a row of results
};

struct Layer {
    vulkan::Buffer attention_norm;  // [dim] padded
    Stack qkv, attention_output;
    vulkan::Buffer ffn_norm;  // [dim] padded
    Stack gate_up, down;
};

struct Weights {
    std::vector<Layer> layers;
    vulkan::Buffer output_norm;
    Stack output;  ///< the embedding table when the model ties them

    /// Throws EngineError (Input) for a missing tensor or a wrong shape, (Device) when memory runs out.
    static Weights load(const vulkan::Device& device, const formats::Gguf& file, const Hyperparameters& shape);
};

/// Values of a row rounded up so that kernels may read whole blocks.
constexpr std::uint32_t padded(std::uint32_t width) {
    return (width + 31) / 32 * 32;
}

}  // namespace engine::llama
