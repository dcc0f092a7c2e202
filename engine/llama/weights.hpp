#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/llama/arranged_weights.hpp"
#include "engine/llama/weights_plan.hpp"
#include "engine/vulkan/buffer.hpp"

namespace engine::llama {

/// Weight matrices of one type on the device, stacked and still quantised. Rows are interleaved by the subgroup's lanes
/// in units of 16 bytes.
struct Matrix : MatrixShape {
    vulkan::Buffer buffer;
};

/// Matrices multiplied with the same activations, one dispatch per block type.
struct Stack {
    std::vector<Matrix> matrices;
    std::vector<std::uint32_t> offsets;  ///< Place of each tensor's first result in a row of results.
    std::uint32_t stride = 0;            ///< Floats of a row of results.
    std::optional<vulkan::Buffer> bias;  ///< [stride], 0 where a tensor has none
};

struct Layer {
    vulkan::Buffer attention_norm;  // [dim] padded
    Stack qkv, attention_output;
    vulkan::Buffer ffn_norm;  // [dim] padded
    Stack gate_up, down;
};

struct Weights {
    std::optional<ArrangedWeights> arranged;  ///< Mapped file that buffers may use in place.
    std::vector<Layer> layers;
    vulkan::Buffer output_norm;
    Stack output;  ///< the embedding table when the model ties them

    /// `plan`: for this file and device. `cache`: folder for weights in device order; empty: none. Throws EngineError
    /// (Device) when memory runs out, (Input) when the cache cannot be written.
    static Weights load(const vulkan::Device& device, const formats::ModelFile& file, const WeightsPlan& plan,
                        const std::string& cache = "");
};

}  // namespace engine::llama
