#include "harness/results/published_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/statistics/metric_interval.hpp"
#include "suites/published.hpp"
#include "suites/task.hpp"

namespace harness::results {
namespace {

using reports::data::PublishedRow;
using suites::PublishedValue;

/// A run's value for a task or for a group of its tasks.
struct Measured {
    std::string task;
    std::string metric;
    std::string profile;
    std::optional<std::uint32_t> shots;  ///< none: the tasks of a group have different numbers
    double value = 0;
    std::optional<reports::data::Interval> ci95;
};

/// Whether a published metric has the name of a measured one, with any filter.
bool has_name(const PublishedValue& cell, const std::string& metric) {
    return metric == cell.metric || metric.substr(0, metric.find(',')) == cell.metric;
}

/// The Llama 2 paper uses one name for every accuracy, however its likelihoods are normalised.
bool stands_for(const PublishedValue& cell, const Measured& measured) {
    const bool paper = cell.profile == "llama2-paper" && measured.profile == cell.profile;
    return paper && cell.metric == "acc" && measured.metric.starts_with("acc_");
}

std::string reason(const PublishedValue& cell, const Measured& measured) {
    if (cell.profile != measured.profile)
        return fmt::format("published in the profile {}, run in {}", cell.profile, measured.profile);
    if (cell.shots && measured.shots && cell.shots != measured.shots) {
        return fmt::format("published with {} examples, run with {}", *cell.shots, *measured.shots);
    }
    if (measured.shots && !has_name(cell, measured.metric) && !stands_for(cell, measured))
        return fmt::format("published as {}, which the task does not measure", cell.metric);
    return "";
}

reports::data::PublishedNumber number_of(const PublishedValue& cell) {
    return {.model = cell.model,
            .profile = cell.profile,
            .fewshot = cell.shots,
            .value = cell.value,
            .corrected = cell.corrected,
            .source = cell.source,
            .table = cell.table,
            .remark = cell.remark};
}

class Rows {
public:
    Rows(const reports::data::RunView& run, const std::string& model) : run_(run), model_(model) {}

    std::vector<PublishedRow> all() {
        for (const reports::data::TaskView& task : run_.tasks) add_task(task);
        for (const reports::data::GroupView& group : run_.groups) add_group(group);
        return std::move(rows_);
    }

private:
    std::vector<PublishedValue> cells_of(const std::string& task) const {
        try {
            return suites::published_for(model_, task);
        } catch (const suites::SuiteError&) {  // nothing is published for this task; the model is known to exist
            return {};
        }
    }

    static Measured measured(const reports::data::TaskView& task, const reports::data::MetricValues& metric) {
        return {.task = task.task,
                .metric = metric.name,
                .profile = task.profile,
                .shots = task.fewshot,
                .value = metric.value,
                .ci95 = reports::statistics::metric95(metric, reports::statistics::scored_items(task, metric))};
    }

    void add_task(const reports::data::TaskView& task) {
        const std::vector<PublishedValue> cells = cells_of(task.task);
        const auto has_own = [&task](const PublishedValue& cell) {
            return std::any_of(
                task.metrics.begin(), task.metrics.end(),
                [&cell](const reports::data::MetricValues& metric) { return has_name(cell, metric.name); });
        };
        const std::size_t before = rows_.size();
        for (const reports::data::MetricValues& metric : task.metrics) {
            if (!std::isfinite(metric.value)) continue;  // no item has a score
            const Measured number = measured(task, metric);
            std::vector<PublishedValue> own;
            std::copy_if(cells.begin(), cells.end(), std::back_inserter(own), [&](const PublishedValue& cell) {
                return has_own(cell) ? has_name(cell, metric.name) : stands_for(cell, number);
            });
            add(number, own);
        }
        if (rows_.size() == before && !task.metrics.empty() && std::isfinite(task.metrics.front().value))
            add(measured(task, task.metrics.front()), cells);
        // If one metric of the task is comparable, the reasons why others are not are of no interest.
        const auto first = rows_.begin() + static_cast<std::ptrdiff_t>(before);
        const auto compared = [](const PublishedRow& row) { return row.not_compared.empty(); };
        if (std::any_of(first, rows_.end(), compared)) {
            rows_.erase(std::remove_if(first, rows_.end(), [&](const PublishedRow& row) { return !compared(row); }),
                        rows_.end());
        }
    }

    void add_group(const reports::data::GroupView& group) {
        const std::vector<PublishedValue> cells = cells_of(group.group);
        if (cells.empty() || !group.missing.empty()) return;
        add({.task = group.group,
             .metric = "mean",
             .profile = group.profile,
             .shots = std::nullopt,
             .value = group.value,
             .ci95 = group.ci95},
            cells);
    }

    /// Adds the comparable cells, or if there are none, the first of the others with its reason.
    void add(const Measured& measured, const std::vector<PublishedValue>& cells) {
        const auto comparable = [&measured](const PublishedValue& cell) { return reason(cell, measured).empty(); };
        const bool any = std::any_of(cells.begin(), cells.end(), comparable);
        for (const PublishedValue& cell : cells) {
            if (any && !comparable(cell)) continue;
            rows_.push_back({.run = run_.id,
                             .variant = run_.variant,
                             .task = measured.task,
                             .metric = measured.metric,
                             .value = measured.value,
                             .ci95 = measured.ci95,
                             .published = number_of(cell),
                             .not_compared = reason(cell, measured)});
            if (!any) return;
        }
    }

    const reports::data::RunView& run_;
    const std::string& model_;
    std::vector<PublishedRow> rows_;
};

}  // namespace

reports::data::Published published_rows(const std::vector<reports::data::RunView>& runs, const std::string& model) {
    suites::published_for(model);  // an unknown model is an error even if no task has a published number
    reports::data::Published published{.model = model, .rows = {}};
    for (const reports::data::RunView& run : runs) {
        for (PublishedRow& row : Rows(run, model).all()) published.rows.push_back(std::move(row));
    }
    return published;
}

}  // namespace harness::results
