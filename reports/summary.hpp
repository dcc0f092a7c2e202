#pragma once

#include <string>
#include <vector>

#include "reports/comparison.hpp"
#include "reports/statistics.hpp"

namespace reports {

/// One cell of the summary: a metric of a task in one run.
struct SummaryRow {
    const RunView* run = nullptr;
    const TaskView* task = nullptr;
    const MetricValues* metric = nullptr;
    Interval ci95;
};
/// All metrics, grouped by task, then metric, then run.
std::vector<SummaryRow> summarise(const std::vector<RunView>& runs);

/// A metric of a later run against the first run, over the documents both have.
struct DifferenceRow {
    const RunView* base = nullptr;
    const RunView* run = nullptr;
    const TaskView* task = nullptr;
    const MetricValues* metric = nullptr;
    Paired paired;
    std::string verdict;  ///< "better", "worse", or "no difference seen"
};
std::vector<DifferenceRow> differences(const std::vector<RunView>& runs);

}  // namespace reports
