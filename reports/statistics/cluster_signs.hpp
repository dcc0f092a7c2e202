#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace reports::statistics {

/// Exact sign-flip test by cluster of paired differences that are -1, 0 or 1: McNemar's exact test where every cluster
/// has one item. Under the null hypothesis the sum of a cluster is as likely to have either sign (Fisher 1935, "The
/// Design of Experiments", section 21).
struct ClusterSigns {
    double p_low = 1;   ///< P(sum <= the one seen): small where the differences fell
    double p_high = 1;  ///< P(sum >= the one seen)
    /// The same with half of the probability of the sum seen (mid-p).
    double mid_low = 0.5;
    double mid_high = 0.5;

    /// min(1, 2 min(p_low, p_high)).
    double two_sided() const;
};

/// `cluster_of` as in clusters_of. The distribution of the sum is convolved cluster by cluster; beyond 20,000 clusters
/// whose sum is not 0 it is the normal one with the same variance and a continuity correction.
ClusterSigns cluster_signs(std::span<const double> differences, const std::vector<std::size_t>& cluster_of);

}  // namespace reports::statistics
