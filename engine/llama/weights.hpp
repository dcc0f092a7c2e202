#pragma once

#include <vector>

#include "engine/formats/gguf.hpp"
#include "engine/llama/hyperparameters.hpp"
#include "engine/shaders/kernels.hpp"
#include "engine/vulkan/buffer.hpp"

namespace engine::llama {

/// A weight matrix on the device, still quantised: rows interleaved by the subgroup's lanes in units of 16 bytes.
struct Matrix {
    vulkan::Buffer buffer;
    shaders::Kernel kernel = shaders::Kernel::MatmulF32;  ///< for 8 tokens; the next one is for 1
    std::uint32_t blocks = 0;                            ///< blocks of 32 values in a row, rounded up
    std::uint32_t rows = 0;
    std::uint32_t row_groups = 0;  ///< workgroups that cover the rows
};

struct Layer {
    vulkan::Buffer attention_norm;  // [dim] padded
    Matrix q, k, v, attention_output;
    vulkan::Buffer ffn_norm;  // [dim] padded
    Matrix gate, up, down;
};

struct Weights {
    std::vector<Layer> layers;
    vulkan::Buffer output_norm;
    Matrix output;  ///< the embedding table when the model ties them

    /// Throws EngineError (Input) for a missing tensor or a wrong shape, (Device) when memory runs out.
    static Weights load(const vulkan::Device& device, const formats::Gguf& file, const Hyperparameters& shape);
};

/// Values of a row rounded up so that kernels may read whole blocks.
constexpr std::uint32_t padded(std::uint32_t width) { return (width + 31) / 32 * 32; }

}  // namespace engine::llama
