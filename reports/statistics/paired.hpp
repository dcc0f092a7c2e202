#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "reports/data/values.hpp"

namespace reports::statistics {

/// Paired comparison of two runs over the items both scored: b - a. From two items on there is a standard error, that
/// of the mean of the per-item differences d: sqrt(sum (d - mean d)^2 / (n - 1) / n).
struct Paired {
    std::size_t items = 0;
    std::size_t only_scored_a = 0;  ///< items left out because b has no score for them
    std::size_t only_scored_b = 0;
    double difference = 0;
    std::optional<double> standard_error;  ///< none for a single item
    /// difference +- 1.96 standard errors, within -1 to 1 for scores within 0 to 1. That is a point, which claims too
    /// much, when all items differ alike: then for 0/1 scores the interval of Agresti and Min (2005, Statistics in
    /// Medicine 24:729), which adds half an item to each of the four ways a pair can go; for other scores none.
    std::optional<data::Interval> ci95;
    /// Items on which a's, or b's, score is the higher one. For 0/1 scores: that only a, or b, has correct.
    std::uint64_t higher_a = 0;
    std::uint64_t higher_b = 0;
    std::optional<double> mcnemar_p;  ///< exact, two-sided; only for 0/1 scores
    /// Smallest true difference that this comparison would find significant four times out of five:
    /// (1.96 + 0.8416) standard errors, the normal quantiles for 5 % two-sided and 80 % power (e.g. Miller 2024,
    /// "Adding Error Bars to Evals", section 5). The standard error is that of `ci95`, so that it is not 0 where no
    /// item differs. None where there is no interval.
    std::optional<double> minimum_detectable;
};
/// `a` and `b` are aligned: same index, same document. nullopt when no item is scored in both.
std::optional<Paired> compare_paired(const data::ItemValues& a, const data::ItemValues& b);

/// Exact two-sided McNemar test (McNemar 1947, with the binomial distribution in place of chi squared):
/// min(1, 2 * P(X <= min(only_a, only_b))) for X binomial with only_a + only_b trials of 1/2. 1 when both are 0.
double mcnemar_exact(std::uint64_t only_a, std::uint64_t only_b);

/// What a comparison allows to say. b is above or below a when the 95 % interval leaves out 0 and, where that interval
/// is not to be trusted alone - 0/1 scores, or no interval because all items differ alike - the exact test of how many
/// items went which way has p < 0.05. Not significant is not the same as equal: see `minimum_detectable`.
enum class Outcome { Below, NotSignificant, Above };
Outcome outcome_of(const Paired& paired);

}  // namespace reports::statistics
