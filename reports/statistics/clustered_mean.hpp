#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "reports/data/values.hpp"

namespace reports::statistics {

struct ClusteredMean {
    double mean = 0;
    std::size_t items = 0;
    std::size_t clusters = 0;
    std::optional<double> standard_error;  ///< none with a single cluster
    /// Of the standard error, for Student's t: cluster_freedom with the correlation that the values show within
    /// clusters, without clusters items - 1. 0 with a single cluster.
    double degrees_of_freedom = 0;
    double skewness = 0;  ///< of the mean, for skewed95: error_skewness of the clusters' sums of value - mean
    /// student95. None where the error is 0, which claims too much.
    std::optional<data::Interval> ci95;
};

/// Mean of scores, or of paired differences, whose items share a passage, a subject or a prompt. Error: sqrt(C / (C -
/// 1) sum over the C clusters of (sum of value - mean)^2) / n (Liang and Zeger 1986, Biometrika 73:13; Miller 2024,
/// "Adding Error Bars to Evals", arXiv:2411.00640, section 2.2, with the factor for few clusters). If every item is a
/// cluster this is that of the central limit theorem, sd / sqrt(n) with n - 1 in sd. `cluster_of` as in clusters_of.
/// nullopt without values.
std::optional<ClusteredMean> clustered_mean(std::span<const double> values,
                                            const std::vector<std::size_t>& cluster_of = {});

}  // namespace reports::statistics
