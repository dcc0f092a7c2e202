#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "reports/data/values.hpp"

namespace reports::statistics {

enum class BootstrapInterval {
    Percentile,
    /// Bias-corrected and accelerated (Efron 1987, JASA 82:171), with the acceleration from leaving out one cluster at
    /// a time.
    Bca,
};

struct BootstrapSettings {
    std::uint64_t seed = 1;
    std::size_t resamples = 10'000;  ///< at least 100
    BootstrapInterval interval = BootstrapInterval::Percentile;
};

/// A statistic of a resample in which item i occurs counts[i] times. nullopt: not defined for this resample.
using ResampledStatistic = std::function<std::optional<double>(std::span<const double> counts)>;

/// Several statistics of one resample: always as many, in the same order.
using ResampledStatistics = std::function<std::vector<std::optional<double>>(std::span<const double> counts)>;

struct Bootstrap {
    double estimate = 0;        ///< the statistic with every count 1
    double standard_error = 0;  ///< standard deviation over the resamples
    data::Interval ci95;
    std::size_t clusters = 0;
    std::size_t undefined = 0;  ///< resamples for which the statistic is not defined; left out
};

/// 95 % bootstrap interval of a statistic of `items` items. Whole clusters are drawn with replacement, as many as there
/// are (Davison and Hinkley 1997, "Bootstrap Methods and their Application", section 3.8): `cluster_of` gives each
/// item's cluster (any numbers), and is empty if every item is a cluster of its own. The quantile at q of B resamples
/// lies at rank q (B + 1), interpolated. Resample r depends only on the seed and r. nullopt with fewer than two
/// clusters; if the statistic is not defined for the data or for more than a tenth of the resamples; and if all
/// resamples are equal, because a single point claims too much.
std::optional<Bootstrap> bootstrap95(std::size_t items, const std::vector<std::size_t>& cluster_of,
                                     const ResampledStatistic& statistic, const BootstrapSettings& settings = {});

/// The same for several statistics, all from the same resamples.
std::vector<std::optional<Bootstrap>> bootstrap_all95(std::size_t items, const std::vector<std::size_t>& cluster_of,
                                                      const ResampledStatistics& statistics,
                                                      const BootstrapSettings& settings = {});

}  // namespace reports::statistics
