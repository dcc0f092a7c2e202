#pragma once

#include <cstdint>
#include <vector>

#include "engine/formats/model_file.hpp"

namespace engine::llama {

using formats::Hyperparameters;

/// Stacked matrices of one type: what a dispatch needs to know.
struct MatrixShape {
    formats::TensorType type = formats::TensorType::F32;
    std::uint32_t blocks = 0;  ///< Blocks of 32 values in a row, rounded up.
    std::uint32_t rows = 0;    ///< Including padding between and after the matrices, whose results are 0.
    std::uint32_t offset = 0;  ///< Of the first row's result in a row of results.
};

struct MatrixPlan : MatrixShape {
    std::vector<const formats::TensorInfo*> tensors;
    std::uint64_t bytes = 0;  ///< on the device
};

/// Matrices multiplied with the same activations, one dispatch per block type.
struct StackPlan {
    std::vector<MatrixPlan> matrices;
    std::vector<std::uint32_t> offsets;  ///< Of each tensor's first result in a row of results.
    std::uint32_t stride = 0;            ///< Floats of a row of results.
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

/// Device layout of each tensor of a file, computed before anything is allocated. Points into the file.
struct WeightsPlan {
    std::vector<LayerPlan> layers;
    const formats::TensorInfo* output_norm;
    StackPlan output;  ///< the embedding table when the model ties them

    std::uint64_t bytes() const;
    /// All matrices in the order of the network.
    std::vector<const MatrixPlan*> matrices() const;
    /// The matrix that takes the most bytes.
    const MatrixPlan& largest() const;
};

/// `lanes`: of a subgroup. Throws EngineError (Input) for a missing tensor, a wrong shape, and for a tensor that the
/// network has no use for: without it the results would be another model's.
WeightsPlan plan_weights(const formats::ModelFile& file, const Hyperparameters& shape, std::uint32_t lanes);

/// Width of a row rounded up to whole blocks, which kernels read.
constexpr std::uint32_t padded(std::uint32_t width) {
    return (width + 31) / 32 * 32;
}

/// Rows of a matrix rounded up to whole workgroups.
std::uint32_t padded_rows(std::uint64_t rows, std::uint32_t lanes);

/// Bytes of a vector of `width` values: f32, padded.
constexpr std::uint64_t vector_bytes(std::uint64_t width) {
    return std::uint64_t{padded(static_cast<std::uint32_t>(width))} * sizeof(float);
}

}  // namespace engine::llama
