#pragma once

#include <cstdint>
#include <vector>

#include "engine/formats/model_file.hpp"

namespace engine::llama {

using formats::Hyperparameters;

/// Matrices of one type on the device, one below the other: what a dispatch needs to know of them.
struct MatrixShape {
    formats::TensorType type = formats::TensorType::F32;
    std::uint32_t blocks = 0;  ///< blocks of 32 values in a row, rounded up
    std::uint32_t rows = 0;    ///< with the padding between and after the matrices, whose results are 0
    std::uint32_t offset = 0;  ///< of the first row's result in a row of results
};

struct MatrixPlan : MatrixShape {
    std::vector<const formats::TensorInfo*> tensors;
    std::uint64_t bytes = 0;  ///< on the device
};

/// Matrices that are multiplied with the same activations. Those of one type are one dispatch.
struct StackPlan {
    std::vector<MatrixPlan> matrices;
    std::vector<std::uint32_t> offsets;  ///< of each tensor's first result
    std::uint32_t stride = 0;            ///< floats of a row of results
    /// What is added to each tensor's results, nullptr: nothing. Empty where none of them has one.
    std::vector<const formats::TensorInfo*> biases;

    std::uint64_t bias_bytes() const;  ///< of one vector over a row of results; 0: there is none
};

struct LayerPlan {
    const formats::TensorInfo* attention_norm;
    StackPlan qkv, attention_output;
    const formats::TensorInfo* ffn_norm;
    StackPlan gate_up, down;
};

/// Where each tensor of a file goes on a device, found before anything is allocated. Points into the file.
struct WeightsPlan {
    std::vector<LayerPlan> layers;
    const formats::TensorInfo* output_norm;
    StackPlan output;  ///< the embedding table when the model ties them

    std::uint64_t bytes() const;
    /// Those of all stacks, in the order of the network.
    std::vector<const MatrixPlan*> matrices() const;
    /// The matrix that takes the most bytes.
    const MatrixPlan& largest() const;
};

/// `lanes`: of a subgroup. Throws EngineError (Input) for a missing tensor, a wrong shape, and for a tensor that the
/// network has no use for: without it the results would be another model's.
WeightsPlan plan_weights(const formats::ModelFile& file, const Hyperparameters& shape, std::uint32_t lanes);

/// Values of a row rounded up so that kernels may read whole blocks.
constexpr std::uint32_t padded(std::uint32_t width) {
    return (width + 31) / 32 * 32;
}

/// Rows of a matrix rounded up to those of a workgroup.
std::uint32_t padded_rows(std::uint64_t rows, std::uint32_t lanes);

/// Bytes of a vector of `width` values: f32, padded.
constexpr std::uint64_t vector_bytes(std::uint64_t width) {
    return std::uint64_t{padded(static_cast<std::uint32_t>(width))} * sizeof(float);
}

}  // namespace engine::llama
