#pragma once

#include <span>

#include "engine/language_model.hpp"

namespace engine::scheduler {

/// A uniform number in [0, 1) from a counter-based generator: a function of its arguments and nothing else.
double uniform(const Sampling& sampling, std::uint64_t position);

/// Draws from softmax(logits / temperature) after top-k and top-p, see `Sampling`. Equal logits are ordered by id.
TokenId sample(std::span<const float> logits, const Sampling& sampling, std::uint64_t position);

}  // namespace engine::scheduler
