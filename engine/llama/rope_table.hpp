#pragma once

#include <span>

#include "engine/formats/hyperparameters.hpp"

namespace engine::llama {

/// Fills `table` with the cosine and sine of every pair's angle at every position: [context, head_dim / 2, 2].
void fill_rope_table(const formats::Hyperparameters& shape, std::span<float> table);

}  // namespace engine::llama
