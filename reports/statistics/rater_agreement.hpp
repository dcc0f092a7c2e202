#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "reports/statistics/agreement.hpp"
#include "reports/statistics/proportion.hpp"
#include "reports/statistics/sampled_share.hpp"

namespace reports::statistics {

/// How often a rater says what more than half of the others say: what a judge that replaces a rater can reach at best.
struct HumanCeiling {
    SampledShare share;  ///< of the ratings whose item has two or more other ratings with a majority
    /// [rater] The same of one rater; nullopt: none of the rater's ratings counts. Wilson's intervals.
    std::vector<std::optional<Proportion>> raters;
    std::size_t without_majority = 0;  ///< ratings left out because the others have no majority
};

/// The interval is a bootstrap over items, or over clusters of items (see clusters_of). nullopt if no rating counts.
std::optional<HumanCeiling> human_ceiling(const Ratings& ratings, const std::vector<std::size_t>& cluster_of = {},
                                          const BootstrapSettings& settings = {});

}  // namespace reports::statistics
