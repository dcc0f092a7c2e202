#pragma once

#include <span>

#include "engine/formats/hyperparameters.hpp"

namespace engine::llama {

/// Cosine and sine of every pair's angle at every position: table is [context, head_dim / 2, 2].
void fill_rope_table(const formats::Hyperparameters& shape, std::span<float> table);

}  // namespace engine::llama
