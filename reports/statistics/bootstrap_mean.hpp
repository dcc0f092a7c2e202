#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "reports/data/values.hpp"

namespace reports::statistics {

/// A mean with its 95 % interval: percentile bootstrap over clusters (bootstrap95); none for a single cluster and where
/// all resamples are equal.
struct BootstrapMean {
    double value = 0;
    std::optional<data::Interval> ci95;
};

/// `values` is not empty; `cluster_of` gives each value's cluster, and is empty if each is one of its own.
BootstrapMean bootstrap_mean(std::span<const double> values, const std::vector<std::size_t>& cluster_of);

}  // namespace reports::statistics
