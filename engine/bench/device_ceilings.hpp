#pragma once

#include "engine/bench/bench.hpp"
#include "engine/shaders/device.hpp"

namespace engine::bench {

/// Rates of streaming reads and of multiply-adds: of f16 matrices when `numerics` runs on matrix units, else of f32.
Ceilings measure_ceilings(const shaders::Device& device, Numerics numerics);

}  // namespace engine::bench
