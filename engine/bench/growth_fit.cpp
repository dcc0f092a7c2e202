#include "engine/bench/growth_fit.hpp"

#include <array>
#include <cmath>
#include <cstddef>

namespace engine::bench {
namespace {

constexpr std::size_t kTerms = 3;
using System = std::array<std::array<double, kTerms + 1>, kTerms>;

/// Gauss-Jordan in place; false for a singular system.
bool solve(System& system) {
    for (std::size_t pivot = 0; pivot < kTerms; ++pivot) {
        // No row exchange is needed: the normal equations are positive definite or singular.
        if (std::abs(system[pivot][pivot]) < 1e-9) return false;
        for (std::size_t other = 0; other < kTerms; ++other) {
            if (other == pivot) continue;
            const double factor = system[other][pivot] / system[pivot][pivot];
            for (std::size_t j = 0; j <= kTerms; ++j) system[other][j] -= factor * system[pivot][j];
        }
    }
    return true;
}

}  // namespace

std::optional<GrowthFit> fit_growth(std::span<const GrowthSample> samples) {
    if (samples.size() <= kTerms) return std::nullopt;
    GrowthSample scale;  // brings the columns to one size, so that the pivots can be compared with 1e-9
    double mean = 0;
    for (const GrowthSample& sample : samples) {
        scale.tokens += sample.tokens;
        scale.positions += sample.positions;
        mean += sample.seconds / static_cast<double>(samples.size());
    }
    if (scale.tokens <= 0 || scale.positions <= 0) return std::nullopt;
    System system = {};
    for (const GrowthSample& sample : samples) {
        const std::array<double, kTerms + 1> row = {1, sample.tokens / scale.tokens, sample.positions / scale.positions,
                                                    sample.seconds};
        for (std::size_t i = 0; i < kTerms; ++i)
            for (std::size_t j = 0; j <= kTerms; ++j) system[i][j] += row[i] * row[j];
    }
    if (!solve(system)) return std::nullopt;
    GrowthFit fit = {.per_forward = system[0][kTerms] / system[0][0],
                     .per_token = system[1][kTerms] / system[1][1] / scale.tokens,
                     .per_position = system[2][kTerms] / system[2][2] / scale.positions,
                     .r_squared = 1};
    double left = 0;
    double all = 0;
    for (const GrowthSample& sample : samples) {
        const double fitted = fit.per_forward + fit.per_token * sample.tokens + fit.per_position * sample.positions;
        left += std::pow(sample.seconds - fitted, 2);
        all += std::pow(sample.seconds - mean, 2);
    }
    if (all > 0) fit.r_squared = 1 - left / all;
    return fit;
}

}  // namespace engine::bench
