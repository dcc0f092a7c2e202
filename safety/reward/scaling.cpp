#include "safety/reward/scaling.hpp"

#include <algorithm>
#include <cmath>

namespace safety::reward {

Scaling scaling_of(const FeatureView& features, std::span<const std::uint32_t> rows, Standardise standardise) {
    const std::size_t dim = features.dim;
    const auto n = static_cast<double>(std::max<std::size_t>(rows.size(), 1));
    Scaling scaling{std::vector<double>(dim), std::vector<double>(dim)};
    for (const std::uint32_t row : rows) {
        const std::span<const float> x = features.row(row);
        for (std::size_t column = 0; column < dim; ++column) scaling.mean[column] += x[column];
    }
    for (double& mean : scaling.mean) mean /= n;
    for (const std::uint32_t row : rows) {
        const std::span<const float> x = features.row(row);
        for (std::size_t column = 0; column < dim; ++column) {
            const double deviation = x[column] - scaling.mean[column];
            scaling.scale[column] += deviation * deviation;
        }
    }
    if (standardise == Standardise::No) {
        double variance = 0;
        for (const double squares : scaling.scale) variance += squares / n;
        const double common = std::sqrt(variance / static_cast<double>(dim));
        std::fill(scaling.scale.begin(), scaling.scale.end(), common > 1e-30 ? common : 1);
        return scaling;
    }
    for (std::size_t column = 0; column < dim; ++column) {
        const double deviation = std::sqrt(scaling.scale[column] / n);
        const bool constant = deviation < std::max(1e-6 * std::abs(scaling.mean[column]), 1e-30);
        scaling.scale[column] = constant ? 1 : deviation;
    }
    return scaling;
}

}  // namespace safety::reward
