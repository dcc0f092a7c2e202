#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "safety/reward/pair.hpp"

namespace safety::reward {

/// Whether each feature is divided by its own standard deviation. No: all are divided by one number, so that the L2
/// penalty has the same meaning whatever the features' unit. Either way each feature's mean is subtracted.
enum class Standardise { No, Yes };

/// z = (x - mean) / scale, feature by feature; both [dim].
struct Scaling {
    std::vector<double> mean;
    std::vector<double> scale;
};

/// Means and standard deviations over the listed rows; a row counts as often as it is listed. Sums are taken in the
/// order of the list. Scale is 1 for a feature whose standard deviation is below 1e-6 of its mean or 1e-30, because f32
/// cannot tell it from a constant. For Standardise::No it is the root of the mean variance of all features.
Scaling scaling_of(const FeatureView& features, std::span<const std::uint32_t> rows, Standardise standardise);

}  // namespace safety::reward
