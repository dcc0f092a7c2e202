#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "reports/data/values.hpp"

namespace reports::statistics {

using data::Interval;
using data::ItemValues;

/// Every score is 0 or 1, and there is at least one.
bool is_binary(const ItemValues& values);
/// How many are scored.
std::size_t scored_items(const ItemValues& values);

/// 95 % interval of a metric. Scores that are all 0 or 1 (`values`): Wilson's score interval (E. B. Wilson 1927, JASA
/// 22:209), which stays inside 0..1 and is wide enough for few items; `value` is then their mean. Else `value` +-
/// 1.96 standard errors. `value` and `standard_error` are finite.
Interval interval95(double value, double standard_error, const ItemValues& values);

/// The same of the exponential of a mean, such as a perplexity: the interval of the mean, value * exp(+-1.96
/// standard_error / value), which never reaches 0. `value` > 0.
Interval exponential_interval95(double value, double standard_error);

/// Paired comparison of two runs over the items both scored: b - a. From two items on there is a standard error, that
/// of the mean of the per-item differences d: sqrt(sum (d - mean d)^2 / (n - 1) / n).
struct Paired {
    std::size_t items = 0;
    std::size_t only_scored_a = 0;  ///< items left out because b has no score for them
    std::size_t only_scored_b = 0;
    double difference = 0;
    std::optional<double> standard_error;  ///< none for a single item
    /// difference +- 1.96 standard errors. That is a point, which claims too much, when all items differ alike: then
    /// for 0/1 scores the interval of Agresti and Min (2005, Statistics in Medicine 24:729), which adds half an item to
    /// each of the four ways a pair can go; for other scores none.
    std::optional<Interval> ci95;
    /// Items on which a's, or b's, score is the higher one. For 0/1 scores: that only a, or b, has right.
    std::uint64_t higher_a = 0;
    std::uint64_t higher_b = 0;
    std::optional<double> mcnemar_p;  ///< exact, two-sided; only for 0/1 scores
    /// Smallest true difference that this comparison would have called a difference four times out of five:
    /// (1.96 + 0.8416) standard errors, the normal quantiles for 5 % two-sided and 80 % power (e.g. Miller 2024,
    /// "Adding Error Bars to Evals", section 5). The standard error is that of `ci95`, so that it is not 0 where no
    /// item differs. None where there is no interval.
    std::optional<double> minimum_detectable;
};
/// `a` and `b` are aligned: same index, same document. nullopt when no item is scored in both.
std::optional<Paired> compare_paired(const ItemValues& a, const ItemValues& b);

/// Exact two-sided McNemar test (McNemar 1947, with the binomial distribution in place of chi squared):
/// min(1, 2 * P(X <= min(only_a, only_b))) for X binomial with only_a + only_b trials of 1/2. 1 when both are 0.
double mcnemar_exact(std::uint64_t only_a, std::uint64_t only_b);

/// What a comparison allows to say. b is above or below a when the 95 % interval leaves out 0 and, where that interval
/// is not to be trusted alone - 0/1 scores, or no interval because all items differ alike - the exact test of how many
/// items went which way has p < 0.05. Not seen is not the same as not there: see `minimum_detectable`.
enum class Direction { Below, NotSeen, Above };
Direction direction_of(const Paired& paired);

}  // namespace reports::statistics
