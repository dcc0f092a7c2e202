#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "reports/data/gate.hpp"
#include "reports/data/run.hpp"
#include "reports/statistics/margin_test.hpp"

namespace reports::gate {

/// What the two runs say of one suite.
struct Evidence {
    statistics::Differences differences;
    std::vector<double> before;  ///< scores of the pairs, in the order of the differences
    std::vector<double> after;
    std::vector<data::Flip> flips;
    std::string metric;
    bool higher_is_better = true;
    std::string clustered_by = {};  ///< what items of a cluster share; empty: every item stands alone
    std::size_t clusters = 0;
    std::uint64_t lost = 0;      ///< items that the baseline scored and the run did not
    std::string not_comparable;  ///< why; empty: comparable
    std::string incomplete;      ///< why; empty: complete
};

/// Pairs the items of the rule's tasks. A rule without tasks names one.
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

/// Of at least one value.
double mean(const std::vector<double>& values);
/// Standard deviation of these values, not of a population that they are drawn from.
double deviation(const std::vector<double>& values);

}  // namespace reports::gate
