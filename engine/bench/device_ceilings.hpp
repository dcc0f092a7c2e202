#pragma once

#include "engine/bench/bench.hpp"
#include "engine/shaders/device.hpp"

namespace engine::bench {

/// Streaming reads and multiply-adds: of matrices of halves where `numerics` runs on matrix units, of f32 elsewhere.
Ceilings measure_ceilings(const shaders::Device& device, Numerics numerics);

}  // namespace engine::bench
