#pragma once

#include <string>
#include <vector>

#include "reports/data/gate.hpp"
#include "reports/data/run.hpp"

namespace reports::gate {

/// A rule's metric in a task of both runs; nullptr where there is none.
struct MetricPair {
    const data::MetricValues* before = nullptr;
    const data::MetricValues* after = nullptr;
};
/// By the rule's scorer and measure, of which values of the same version are preferred, else by name, else the first
/// with a score per item.
MetricPair metric_pair(const data::TaskView& before, const data::TaskView& after, const data::GateRule& rule);

/// The tasks in which the rule's metric is looked for. A safety rule leaves out tasks that have it on neither side,
/// unless it names tasks and none has it.
std::vector<std::string> measured_tasks(const data::RunView& baseline, const data::RunView& run,
                                        const data::GateRule& rule);

/// Whether more of the metric is better, for this rule.
bool is_higher_better(const data::MetricValues& metric, const data::GateRule& rule);

/// Why there is nothing to compare, with the command that helps.
std::string lacking_metric(const std::string& task, const data::GateRule& rule, bool in_baseline);
/// The same for a safety rule that names no tasks, where no task has its metric.
std::string nothing_scored(const data::GateRule& rule);
std::string scorers_differ(const data::MetricValues& before, const data::MetricValues& after);

}  // namespace reports::gate
