#include "reports/sections/scores.hpp"

#include <algorithm>
#include <cmath>

#include "reports/statistics/metric_interval.hpp"

namespace reports::sections {
namespace {

/// A task, and the name of one of its metrics.
using Wanted = std::pair<const data::TaskView*, std::string>;

/// Every metric once. Metrics of one task stay together even when a later run brought one of them.
std::vector<Wanted> wanted_metrics(const std::vector<data::RunView>& runs) {
    std::vector<Wanted> wanted;
    for (const data::RunView& run : runs) {
        for (const data::TaskView& task : run.tasks) {
            for (const data::MetricValues& metric : task.metrics) {
                const auto is_of_task = [&task](const Wanted& entry) { return same_task(*entry.first, task); };
                const bool known = std::any_of(wanted.begin(), wanted.end(), [&](const Wanted& entry) {
                    return is_of_task(entry) && entry.second == metric.name;
                });
                if (known) continue;
                const auto last = std::find_if(wanted.rbegin(), wanted.rend(), is_of_task);
                wanted.insert(last == wanted.rend() ? wanted.end() : last.base(), {&task, metric.name});
            }
        }
    }
    return wanted;
}

}  // namespace

bool comparable_versions(const data::TaskView& a, const data::TaskView& b) {
    return a.docs.imported == b.docs.imported;
}

bool same_task(const data::TaskView& a, const data::TaskView& b) {
    return a.task == b.task && a.profile == b.profile && a.fewshot == b.fewshot &&
           (a.version == b.version || !comparable_versions(a, b));
}

const data::TaskView* task_named(const data::RunView& run, const std::string& name) {
    const auto found = std::find_if(run.tasks.begin(), run.tasks.end(),
                                    [&name](const data::TaskView& task) { return task.task == name; });
    return found == run.tasks.end() ? nullptr : &*found;
}

const data::MetricValues* find_metric(const data::TaskView& task, const std::string& name) {
    const auto found = std::find_if(task.metrics.begin(), task.metrics.end(),
                                    [&name](const data::MetricValues& metric) { return metric.name == name; });
    return found == task.metrics.end() ? nullptr : &*found;
}

ScoreRow score_row(const data::RunView& run, const data::TaskView& task, const data::MetricValues& metric) {
    const std::size_t scored = statistics::scored_items(task, metric);
    ScoreRow row{&run, &task, &metric, scored, std::nullopt, statistics::metric95(metric, scored)};
    if (scored >= 2 && std::isfinite(metric.value) && std::isfinite(metric.standard_error))
        row.standard_error = metric.standard_error;
    return row;
}

std::vector<ScoreRow> score_rows(const std::vector<data::RunView>& runs) {
    const std::vector<Wanted> wanted = wanted_metrics(runs);
    // A log may be the same task as two versions of ours; it is shown with the first.
    std::vector<std::vector<ScoreRow>> rows_of(wanted.size());
    for (const data::RunView& run : runs) {
        for (const data::TaskView& task : run.tasks) {
            for (const data::MetricValues& metric : task.metrics) {
                const auto first = std::find_if(wanted.begin(), wanted.end(), [&](const Wanted& entry) {
                    return same_task(*entry.first, task) && entry.second == metric.name;
                });
                rows_of[static_cast<std::size_t>(first - wanted.begin())].push_back(score_row(run, task, metric));
            }
        }
    }
    std::vector<ScoreRow> rows;
    for (const std::vector<ScoreRow>& of_one : rows_of) rows.insert(rows.end(), of_one.begin(), of_one.end());
    return rows;
}

}  // namespace reports::sections
