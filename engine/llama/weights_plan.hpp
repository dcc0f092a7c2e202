#pragma once

#include <cstdint>
#include <vector>

#include "engine/formats/model_file.hpp"
#include "engine/language_model.hpp"

namespace engine::llama {

using formats::Hyperparameters;

/// Shape of stacked matrices of one type, for a dispatch.
struct MatrixShape {
    formats::TensorType type = formats::TensorType::F32;
    std::uint32_t blocks = 0;  ///< Blocks of 32 values in a row, rounded up.
    std::uint32_t rows = 0;    ///< Including padding between and after the matrices; results of padding rows are 0.
    std::uint32_t offset = 0;  ///< Place of the first row's result in a row of results.
};

struct MatrixPlan : MatrixShape {
    std::vector<const formats::TensorInfo*> tensors;
    std::uint64_t bytes = 0;  ///< on the device
};

/// Matrices multiplied with the same activations, one dispatch per block type.
struct StackPlan {
    std::vector<MatrixPlan> matrices;
    std::vector<std::uint32_t> offsets;  ///< Place of each tensor's first result in a row of results.
    std::uint32_t stride = 0;            ///< Floats of a row of results.
    /// Bias of each tensor, nullptr: none. Empty when no tensor has a bias.
    std::vector<const formats::TensorInfo*> biases;

    std::uint64_t bias_bytes() const;  ///< bytes of a bias vector for a row of results; 0: no biases
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
    /// The matrix with the most bytes.
    const MatrixPlan& largest() const;
};

/// `lanes`: subgroup size. Throws EngineError (Input) for a missing tensor, a wrong shape, and a tensor that the
/// network does not use, since ignoring it would compute another model: with Head::Tokens also for a scalar head, and
/// with Head::Scalar for a file without one.
WeightsPlan plan_weights(const formats::ModelFile& file, const Hyperparameters& shape, std::uint32_t lanes,
                         Head head = Head::Tokens);

/// Width of a row rounded up to whole blocks of 32 values, because kernels read whole blocks.
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
