#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "reports/data/values.hpp"

namespace reports::statistics {

/// Paired differences of scores, new less old, with the better direction positive.
struct Differences {
    std::vector<double> values;
    bool is_binary = false;  ///< of scores that are 0 or 1
    /// Sizes of the strata whose means have equal weights, in the order of `values`; empty: one mean of all values.
    std::vector<std::size_t> strata = {};
    /// [value]: its cluster (any numbers); empty: every value stands alone.
    std::vector<std::size_t> cluster_of = {};
};

struct SignCounts {
    std::size_t better = 0;  ///< values above 0
    std::size_t worse = 0;   ///< values below 0
};

SignCounts sign_counts(const std::vector<double>& values);

enum class MarginTestKind {
    McNemar,        ///< exact; for 0/1 scores and a margin of 0
    Score,          ///< Tango's score test; for 0/1 scores
    Mean,           ///< mean and standard error: Student's t, or with strata the normal distribution
    Signs,          ///< exact, of the signs of clusters (cluster_signs); for 0/1 scores and a margin of 0
    Unconditional,  ///< exact (unconditional_p); for 0/1 scores that stand alone and a margin of 0
};

/// Two one-sided tests against a margin: is the true difference below -margin (a drop larger than the margin), or
/// above it?
struct MarginTest {
    MarginTestKind kind = MarginTestKind::Mean;
    double difference = 0;
    /// One-sided bounds at the level each: the true difference is above `low`, and below `high`. None where no value
    /// differs and the scores are not 0 or 1, which tells nothing of the spread.
    std::optional<data::Interval> bounds;
    double p_drop = 1;     ///< small: the drop is larger than the margin
    double p_no_drop = 1;  ///< small: the drop is not larger than the margin
};

/// The kind that fits: McNemar, or with clusters Signs, for 0/1 scores and no margin; Score for 0/1 scores with one and
/// without clusters; Mean for all others and strata.
MarginTestKind fitting_test(const Differences& differences, double margin);

/// `margin` is at least 0; `level` is of each one-sided test, above 0 and below 0.5. McNemar counts the pairs that
/// differ (McNemar 1947, with the binomial distribution): p_drop = P(X >= worse) of worse + better trials of 1/2; its
/// bounds are those of Score. Score is Tango's (1998, Statistics in Medicine 17:891), which keeps its level for small
/// counts. Mean: (difference + margin) / standard error, with clusters that of clustered_mean; a stratum of one cluster
/// counts its values as alone. Signs has the bounds of Mean, Unconditional those of Score. nullopt without values, and
/// for all but Mean where the scores are not 0 or 1 or have strata.
std::optional<MarginTest> margin_test(const Differences& differences, double margin, double level, MarginTestKind kind);

/// Tango's statistic of `better` and `worse` among `items` pairs: how many standard errors the difference lies above
/// `at`, from -1 to 1, with the error of the likeliest probabilities that have this difference.
double tango_statistic(std::size_t better, std::size_t worse, std::size_t items, double at);

/// A planned gate of one suite.
struct PlannedGate {
    MarginTestKind kind = MarginTestKind::Mean;
    std::size_t items = 0;
    /// For 0/1 scores: share of the items whose score changes. Otherwise: standard deviation of the differences.
    double spread = 0;
    double margin = 0;
    double level = 0.05;
    double degrees_of_freedom = 0;  ///< of the error of Mean, with clusters that of clustered_mean; 0: items - 1
};

/// Chance that the gate fails when the true drop is `drop` (above 0). Exact for McNemar, Score and Signs of clusters of
/// one item: the sum over the number of pairs that differ, for Unconditional with the mid-p. For Mean that of the
/// noncentral t distribution, exact for normal differences. If fewer items change than the drop needs, all that change
/// are taken to be worse.
double chance_to_fail(const PlannedGate& gate, double drop);

}  // namespace reports::statistics
