#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reports/data/gate.hpp"
#include "reports/data/ratings.hpp"
#include "reports/data/run.hpp"
#include "reports/gate/test_scale.hpp"
#include "reports/statistics/margin_test.hpp"

namespace reports::gate {

/// What a rule is judged by.
struct GateInputs {
    const data::RunView& baseline;
    const data::RunView& run;
    const std::vector<data::Study>& studies;  ///< of human ratings
};

/// What the two runs say of one suite.
struct Evidence {
    statistics::Differences differences;  ///< on the tested scale
    std::vector<double> before;           ///< scores of the pairs, in the order of the differences
    std::vector<double> after;
    std::vector<data::Flip> flips;
    std::string metric;
    bool higher_is_better = true;
    std::string clustered_by = {};  ///< what items of a cluster share; empty: every item stands alone
    std::size_t clusters = 0;
    std::uint64_t lost = 0;      ///< items that the baseline scored and the run did not
    std::string not_comparable;  ///< why; empty: comparable
    std::string incomplete;      ///< why; empty: complete
    std::string undecided = {};  ///< why nothing can be decided whatever the values say; empty: nothing is in the way
    TestScale scale = {};
    /// How much each pair weighs, and whether `before` and `after` are logarithms; no weights: all alike.
    std::vector<double> weights = {};
    bool is_exponential = false;
    std::optional<double> value_before = {};  ///< where it is not the mean of `before`
    std::optional<double> value_after = {};
    std::string unit = "item";                              ///< what is counted
    std::string settled = {};                               ///< why it passes without a test; empty: it is tested
    std::vector<statistics::MarginTest> repeat_tests = {};  ///< of a rule about repeats, each repeat's alone
};

/// The evidence of any rule.
Evidence evidence_of(const GateInputs& inputs, const data::GateRule& rule);

/// The rules, and after each with a `min_pass_share` the one that judges its repeats.
std::vector<data::GateRule> with_repeats(const std::vector<data::GateRule>& rules);

/// The metric's value over the pairs; the evidence has items.
double value_before(const Evidence& evidence);
double value_after(const Evidence& evidence);

/// One-sided tests of the evidence against a margin in the metric's unit; nullopt where the rule's test does not fit.
std::optional<statistics::MarginTest> tested_margin(const Evidence& evidence, const data::GateRule& rule, double level);

/// Pairs the items of the rule's tasks. A rule without tasks names one; a safety rule without tasks takes all that have
/// its metric.
Evidence collect(const data::RunView& baseline, const data::RunView& run, const data::GateRule& rule);

/// The rule's tasks, or its suite as the only one.
std::vector<std::string> tasks_of(const data::GateRule& rule);

/// The metric of the rule in a task: by name, or the first. nullptr where there is none with a score per item.
const data::MetricValues* metric_of(const data::TaskView& task, const data::GateRule& rule);

/// The rule's margin in the metric's own unit; the evidence has items.
double margin_of(const data::GateRule& rule, const Evidence& evidence);

/// The rule's test, or the one that fits.
statistics::MarginTestKind test_of(const data::GateRule& rule, const Evidence& evidence);

/// " by passage (48 clusters)" for tests that count clusters, else empty.
std::string cluster_words(const Evidence& evidence, statistics::MarginTestKind kind);

/// Standard deviation of the differences; with clusters the one that unclustered differences of the same standard error
/// would have.
double spread_of(const Evidence& evidence);
/// Degrees of freedom of the differences' standard error.
double freedom_of(const Evidence& evidence);
/// Whether the differences are so few and so skewed that a test of their mean does not keep its level (kTooSkewed).
bool is_too_skewed(const Evidence& evidence);

/// Of at least one value.
double mean(const std::vector<double>& values);
/// Standard deviation of these values, not of a population that they are drawn from.
double deviation(const std::vector<double>& values);

}  // namespace reports::gate
