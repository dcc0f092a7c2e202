#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "reports/data/values.hpp"

namespace reports::statistics {

/// Paired comparison of two runs over the items that both scored: b - a. With two or more items the standard error is
/// that of the mean of the per-item differences d: sqrt(sum (d - mean d)^2 / (n - 1) / n).
struct Paired {
    std::size_t items = 0;
    std::size_t only_scored_a = 0;  ///< items left out because b has no score for them
    std::size_t only_scored_b = 0;
    double mean_a = 0;  ///< over the items that both scored; b's is mean_a + difference
    double difference = 0;
    std::optional<double> standard_error;  ///< none for a single item
    /// difference +- t standard errors (student95), within -1 to 1 for scores within 0 to 1. If all items differ by the
    /// same amount, this would be a single point, which claims too much. Then 0/1 scores get the interval of Agresti
    /// and Min (2005, Statistics in Medicine 24:729), which adds half an item to each of the four outcomes of a pair;
    /// other scores get none.
    std::optional<data::Interval> ci95;
    /// Number of items on which a's (b's) score is higher. For 0/1 scores: that only a (b) has correct.
    std::uint64_t higher_a = 0;
    std::uint64_t higher_b = 0;
    /// Exact, two-sided; only for 0/1 scores. With clusters that of signs by cluster (cluster_signs).
    std::optional<double> mcnemar_p;
    /// Clusters of the items, over which error and interval are (clustered_mean); 0: every item stands alone.
    std::size_t clusters = 0;
    /// Of the standard error: items - 1, with clusters ClusteredMean's.
    double degrees_of_freedom = 0;
    /// Minimum detectable difference at 80 % power: (1.96 + 0.8416) standard errors, the normal quantiles for 5 %
    /// two-sided and 80 % power (e.g. Miller 2024, "Adding Error Bars to Evals", section 5). The standard error is that
    /// of `ci95`, so that it is not 0 where no item differs. None if there is no interval.
    std::optional<double> minimum_detectable;
};
/// `a` and `b` are aligned: same index, same document. `cluster_of` gives each index's cluster (any numbers), and is
/// empty if every item stands alone. nullopt when no item is scored in both.
std::optional<Paired> compare_paired(const data::ItemValues& a, const data::ItemValues& b,
                                     const std::vector<std::size_t>& cluster_of = {});

/// The comparison of all items of several tasks as one sample. The mean, the standard error, the counts and the test of
/// the pooled items follow from those of the parts. `parts` is not empty.
Paired pooled(const std::vector<Paired>& parts);

/// Two-sided p of no difference: McNemar's exact test for 0/1 scores; Student's t of the mean difference for others; if
/// all items differ by the same amount, the exact sign test. 1 for a single item.
double difference_p(const Paired& paired);

/// Minimum detectable difference, as `Paired::minimum_detectable`, of a test at `level` two-sided, such as a part of 5
/// % where several suites are tested at once.
std::optional<double> detectable_at(const Paired& paired, double level);

/// Exact two-sided McNemar test (McNemar 1947, with the binomial distribution in place of chi squared):
/// min(1, 2 * P(X <= min(only_a, only_b))) for X binomial with only_a + only_b trials of 1/2. 1 when both are 0.
double mcnemar_exact(std::uint64_t only_a, std::uint64_t only_b);

/// Conclusion of a comparison. b is above or below a when the 95 % interval excludes 0 and, for 0/1 scores and when
/// there is no interval because all items differ by the same amount, the exact test of how many items favour each run
/// also has p < 0.05. Not significant is not the same as equal: see `minimum_detectable`.
enum class Outcome { Below, NotSignificant, Above };
Outcome outcome_of(const Paired& paired);

}  // namespace reports::statistics
