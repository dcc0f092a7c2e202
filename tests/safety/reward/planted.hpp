#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <vector>

#include "safety/reward/design.hpp"
#include "safety/reward/loss.hpp"
#include "safety/reward/pair.hpp"
#include "safety/reward/split.hpp"

/// Uniform number in (0, 1), the same for the same arguments.
inline double uniform_at(std::uint64_t seed, std::uint64_t number) {
    return (static_cast<double>(safety::reward::counter_hash(seed, number) >> 11) + 0.5) * 0x1p-53;
}

/// Standard normal number by Box and Muller's transform.
inline double normal_at(std::uint64_t seed, std::uint64_t number) {
    return std::sqrt(-2 * std::log(uniform_at(seed, 2 * number))) *
           std::cos(2 * std::numbers::pi * uniform_at(seed, 2 * number + 1));
}

/// Pairs whose preferences follow a known direction.
struct Planted {
    std::size_t dim = 0;
    std::vector<float> values;  // [2 * pairs, dim]
    std::vector<safety::reward::Pair> pairs;
    std::vector<double> direction;  // [dim]

    safety::reward::FeatureView features() const { return {values, dim}; }
};

/// Features are standard normal; two answers a and b are compared by d = direction . (a - b), whose standard deviation
/// is `deviation`; a is preferred with probability sigmoid(d). So the best possible accuracy is the mean of
/// sigmoid(|d|), about 1 - 0.553 / deviation for large deviations. Two pairs share each prompt group.
inline Planted plant(std::size_t pairs, std::size_t dim, double deviation, std::uint64_t seed) {
    Planted planted;
    planted.dim = dim;
    double squares = 0;
    for (std::size_t column = 0; column < dim; ++column) {
        planted.direction.push_back(normal_at(seed, column));
        squares += planted.direction.back() * planted.direction.back();
    }
    for (double& value : planted.direction) value *= deviation / std::sqrt(2 * squares);
    const std::size_t numbers = 2 * pairs * dim;
    for (std::size_t i = 0; i < numbers; ++i) planted.values.push_back(static_cast<float>(normal_at(seed + 1, i)));
    for (std::uint32_t pair = 0; pair < pairs; ++pair) {
        const auto a = planted.features().row(std::size_t{2} * pair);
        const auto b = planted.features().row(std::size_t{2} * pair + 1);
        const double d = safety::reward::dot(planted.direction, a) - safety::reward::dot(planted.direction, b);
        const bool prefers_a = uniform_at(seed + 2, pair) < safety::reward::sigmoid(d);
        planted.pairs.push_back(
            {.chosen = 2 * pair + (prefers_a ? 0 : 1), .rejected = 2 * pair + (prefers_a ? 1 : 0), .group = pair / 2});
    }
    return planted;
}
