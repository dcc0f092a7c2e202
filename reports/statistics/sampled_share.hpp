#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "reports/data/values.hpp"
#include "reports/statistics/bootstrap.hpp"

namespace reports::statistics {

/// Parts and wholes of a share, by item: the share is the sum of the parts divided by the sum of the wholes.
struct SharesOfItems {
    std::vector<double> parts;   ///< [item] 0 to the item's whole
    std::vector<double> wholes;  ///< [item] 0: the item does not count
};

struct SampledShare {
    double part = 0;   ///< over all items
    double whole = 0;  ///< above 0
    double value = 0;
    std::size_t clusters = 0;  ///< those with an item that counts
    /// Cluster bootstrap over items. Where all resamples are equal, as for 0 of 20, or where there is a single cluster:
    /// Wilson's interval of `value` for that many clusters.
    data::Interval ci95;
};

/// One share of each element of `shares`, all from the same resamples. nullopt where no item counts. All have the same
/// number of items; `cluster_of` as in clusters_of.
std::vector<std::optional<SampledShare>> sampled_shares(const std::vector<SharesOfItems>& shares,
                                                        const std::vector<std::size_t>& cluster_of,
                                                        const BootstrapSettings& settings = {});
std::optional<SampledShare> sampled_share(const SharesOfItems& share, const std::vector<std::size_t>& cluster_of,
                                          const BootstrapSettings& settings = {});

}  // namespace reports::statistics
