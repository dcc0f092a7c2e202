#pragma once

#include <cstdint>
#include <vector>

namespace engine::formats {

/// The numbers that define a Llama model, whatever the format of its file.
struct Hyperparameters {
    std::uint32_t dim = 0;
    std::uint32_t layers = 0;
    std::uint32_t heads = 0;
    std::uint32_t kv_heads = 0;
    std::uint32_t head_dim = 0;
    std::uint32_t ffn = 0;
    std::uint32_t vocab = 0;
    std::uint32_t context = 0;  ///< Maximum tokens of a sequence.
    float norm_epsilon = 0;
    double rope_theta = 10000;
    double position_scale = 1;              ///< Positions are multiplied by it; 1 / factor for linear rope scaling.
    std::vector<double> frequency_factors;  ///< [head_dim / 2] Divisors of rope's frequencies; empty: all 1.

    std::uint32_t kv_dim() const { return kv_heads * head_dim; }
};

}  // namespace engine::formats
