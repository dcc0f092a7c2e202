#pragma once

#include <cstdint>
#include <vector>

#include "engine/formats/gguf.hpp"

namespace engine::llama {

/// The numbers that define a Llama model, from a GGUF's metadata.
struct Hyperparameters {
    std::uint32_t dim = 0;
    std::uint32_t layers = 0;
    std::uint32_t heads = 0;
    std::uint32_t kv_heads = 0;
    std::uint32_t head_dim = 0;
    std::uint32_t ffn = 0;
    std::uint32_t vocab = 0;
    std::uint32_t context = 0;
    float norm_epsilon = 0;
    double rope_theta = 10000;
    double position_scale = 1;              ///< positions are multiplied by it (linear rope scaling: 1 / factor)
    std::vector<double> frequency_factors;  ///< [head_dim / 2] by which rope's frequencies are divided; empty: by none

    std::uint32_t kv_dim() const { return kv_heads * head_dim; }

    /// Throws EngineError (Input) for a missing key, an impossible number, or another architecture.
    static Hyperparameters from(const formats::Gguf& file);
};

}  // namespace engine::llama
