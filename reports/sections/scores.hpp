#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "reports/data/run.hpp"

namespace reports::sections {

/// Whether both versions are numbers of one tool. Ours and lm-evaluation-harness's are counted independently.
bool comparable_versions(const data::TaskView& a, const data::TaskView& b);

/// Same name, profile, number of few-shot examples and comparable version: numbers of such tasks may be compared.
bool same_task(const data::TaskView& a, const data::TaskView& b);

/// nullptr when the run has no task of this name.
const data::TaskView* task_named(const data::RunView& run, const std::string& name);

/// nullptr when the task has no such metric.
const data::MetricValues* find_metric(const data::TaskView& task, const std::string& name);

/// One cell of the table of scores: a metric of a task in one run.
struct ScoreRow {
    const data::RunView* run = nullptr;
    const data::TaskView* task = nullptr;
    const data::MetricValues* metric = nullptr;
    std::size_t scored = 0;                ///< number of items behind the value
    std::optional<double> standard_error;  ///< none for a single item, or when it is not finite
    std::optional<data::Interval> ci95;    ///< like standard_error, but a single 0/1 score has Wilson's interval
};
ScoreRow score_row(const data::RunView& run, const data::TaskView& task, const data::MetricValues& metric);
/// Result points into `runs`. All metrics, grouped by task, then metric, then run.
std::vector<ScoreRow> score_rows(const std::vector<data::RunView>& runs);

}  // namespace reports::sections
