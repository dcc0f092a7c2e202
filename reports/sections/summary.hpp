#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "reports/data/run.hpp"
#include "reports/statistics/statistics.hpp"

namespace reports::sections {

/// Same name, version, profile and number of examples: numbers of such tasks may be compared.
bool same_task(const data::TaskView& a, const data::TaskView& b);

/// One cell of the summary: a metric of a task in one run.
struct SummaryRow {
    const data::RunView* run = nullptr;
    const data::TaskView* task = nullptr;
    const data::MetricValues* metric = nullptr;
    std::size_t scored = 0;                    ///< items behind the value
    std::optional<double> standard_error;      ///< none from a single item, or when it is not finite
    std::optional<statistics::Interval> ci95;  ///< none like that, but a single 0/1 score has Wilson's
};
SummaryRow summary_row(const data::RunView& run, const data::TaskView& task, const data::MetricValues& metric);
/// Points into `runs`. All metrics, grouped by task, then metric, then run.
std::vector<SummaryRow> summarise(const std::vector<data::RunView>& runs);

/// A metric of a later run against the first run, over the documents both scored.
struct DifferenceRow {
    const data::RunView* base = nullptr;
    const data::RunView* run = nullptr;
    const data::TaskView* task = nullptr;
    const data::MetricValues* metric = nullptr;
    statistics::Paired paired;
    std::string verdict;  ///< "better", "worse", or "no difference seen"
};

/// What two runs have no paired difference for, wholly or in part.
struct NotCompared {
    const data::RunView* run = nullptr;  ///< the later one
    std::string task;
    std::string metric;  ///< empty: all of the task
    std::string reason;  ///< a clause that names the runs
};

struct Comparison {
    std::vector<DifferenceRow> differences;
    std::vector<NotCompared> not_compared;
};
/// Points into `runs`. Every task and metric of the first run and of each later one is in a difference, or not compared
/// with the reason.
Comparison compare(const std::vector<data::RunView>& runs);

/// "demo:chat (run 3)", and that it is unfinished. A long variant's name is cut; the number says which run it is.
std::string run_name(const data::RunView& run);
/// "lmeval, version 1, 5-shot, 200 items".
std::string task_details(const data::TaskView& task);

}  // namespace reports::sections
