#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "reports/statistics/bootstrap.hpp"

namespace reports::statistics {

/// Bootstrap interval of Spearman's correlation (rank_correlation.hpp) over items, or over clusters of them as in
/// bootstrap95. x and y have one value an item. nullopt where bootstrap95 has none, and where x or y is constant.
std::optional<Bootstrap> bootstrap_spearman95(std::span<const double> x, std::span<const double> y,
                                              const std::vector<std::size_t>& cluster_of = {},
                                              const BootstrapSettings& settings = {});

/// Area under the ROC curve: the probability that a random positive item has a higher score than a random negative one,
/// equal scores counted half (Hanley and McNeil 1982, Radiology 143:29). 0.5: the score tells nothing. nullopt without
/// an item of either kind.
std::optional<double> roc_area(std::span<const double> scores, const std::vector<bool>& positive);

/// Its bootstrap interval over items, or over clusters of them.
std::optional<Bootstrap> bootstrap_roc_area95(std::span<const double> scores, const std::vector<bool>& positive,
                                              const std::vector<std::size_t>& cluster_of = {},
                                              const BootstrapSettings& settings = {});

}  // namespace reports::statistics
