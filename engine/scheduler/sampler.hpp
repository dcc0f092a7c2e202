#pragma once

#include "engine/language_model.hpp"

namespace engine::scheduler {

/// A uniform random number in [0, 1) that depends only on the arguments (counter-based generator). A multiple of 2^-24,
/// which f32 represents exactly.
float uniform(const Sampling& sampling, std::uint64_t position);

}  // namespace engine::scheduler
