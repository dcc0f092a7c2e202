#pragma once

#include "engine/language_model.hpp"

namespace engine::scheduler {

/// A uniform number in [0, 1) from a counter-based generator, a function of its arguments alone. The numbers are
/// multiples of 2^-24, which f32 represents exactly.
float uniform(const Sampling& sampling, std::uint64_t position);

}  // namespace engine::scheduler
