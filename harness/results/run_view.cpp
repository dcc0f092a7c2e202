#include "harness/results/run_view.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "harness/results/clusters.hpp"
#include "harness/results/document_hashes.hpp"
#include "harness/results/documents.hpp"
#include "harness/results/error_summary.hpp"
#include "harness/results/group_numbers.hpp"
#include "harness/results/later_scores.hpp"
#include "harness/results/licence.hpp"
#include "harness/results/settings.hpp"
#include "harness/results/task_record.hpp"
#include "harness/store/score_store.hpp"
#include "harness/store/transaction.hpp"
#include "suites/task.hpp"

namespace harness::results {
namespace {

/// Takes the scores of the task's own scorer out of `task`.
suites::ScoreColumns own_scores(store::TaskColumns& task, const store::RunTaskRow& row) {
    suites::ScoreColumns columns;
    for (store::ScoreColumn& column : task.columns) {
        if (column.scorer == row.scorer.id) columns[column.metric] = std::move(column.values);
    }
    return columns;
}

reports::data::Scale scale_of(suites::Interval interval) {
    switch (interval) {
        case suites::Interval::Share: return reports::data::Scale::Share;
        case suites::Interval::Exponential: return reports::data::Scale::Exponential;
        case suites::Interval::Real: break;
    }
    return reports::data::Scale::Plain;
}

/// The aggregate of a metric, without its scores.
reports::data::MetricValues metric_values(const suites::MetricDefinition& metric, const suites::ScoreColumns& scores) {
    // A task without any score is shown too, without a value, so that its errors are visible.
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    const auto total = suites::aggregate(metric, scores);
    return {.name = metric.name,
            .higher_is_better = metric.higher_is_better(),
            .value = total ? total->value : kNone,
            .standard_error = total ? total->standard_error : kNone,
            .values = {},
            .scored = total ? total->items : 0,
            .scale = scale_of(metric.interval)};
}

/// Moves the scores of the items from `scores` to the metric, if it is a mean of them.
void move_values(const suites::MetricDefinition& metric, suites::ScoreColumns& scores, std::size_t items,
                 reports::data::MetricValues& values) {
    if (metric.aggregation != suites::Aggregation::Mean) return;
    const auto found = scores.find(metric.name);
    if (found == scores.end()) {
        values.values.resize(items);
    } else {
        values.values = std::move(found->second);
    }
}

std::uint64_t counted(const std::string& counter, const suites::ScoreColumns& scores) {
    const auto found = scores.find(counter);
    if (found == scores.end()) return 0;
    const auto count = std::count_if(found->second.begin(), found->second.end(),
                                     [](const std::optional<double>& value) { return value.value_or(0) != 0; });
    return static_cast<std::uint64_t>(count);
}

reports::data::TaskView settings_of_task(const store::RunRow& run, const store::RunTaskRow& row, std::size_t index) {
    reports::data::TaskView view;
    view.task = row.task;
    view.profile = row.profile;
    view.version = row.version;
    view.fewshot = row.fewshot;
    view.planned = row.planned_items;
    view.settings = task_settings(run, index);
    view.definition = definition_fields(row);
    return view;
}

std::vector<ItemError> item_errors(const std::vector<store::ErrorCount>& counts) {
    std::vector<ItemError> errors;
    errors.reserve(counts.size());
    for (const store::ErrorCount& count : counts)
        errors.push_back({.doc = count.first_doc, .message = count.error, .items = count.items});
    return errors;
}

void fill(reports::data::TaskView& view, const store::RunTaskRow& row, store::TaskColumns columns,
          const LaterScorers& scorers) {
    const TaskRecord task(row);
    const std::size_t items = columns.docs.size();
    view.items = items;
    view.errors = static_cast<std::uint64_t>(std::count(columns.failed.begin(), columns.failed.end(), true));
    suites::ScoreColumns scores = own_scores(columns, row);
    for (const suites::MetricDefinition& counter : task.counters())
        view.counters.push_back({counter.name, counted(counter.name, scores)});
    // All aggregates first: some need the scores of another metric.
    for (const suites::MetricDefinition& metric : task.metrics()) view.metrics.push_back(metric_values(metric, scores));
    for (std::size_t i = 0; i < view.metrics.size(); ++i)
        move_values(task.metrics()[i], scores, items, view.metrics[i]);
    scores.clear();
    for (store::ScoreColumn& column : columns.columns) {
        if (scorers.name(column.scorer) == nullptr) continue;
        const suites::MetricDefinition metric = scorers.definition(column, row);
        suites::ScoreColumns later;
        later[metric.name] = std::move(column.values);
        view.metrics.push_back(metric_values(metric, later));
        move_values(metric, later, items, view.metrics.back());
        view.metrics.back().is_later = true;
    }
    view.reasons = error_summary(item_errors(columns.errors));
    view.docs.numbers = std::move(columns.docs);
    view.docs.imported = is_imported(row);
}

}  // namespace

reports::data::RunView settings_view(const store::RunStore& runs, const store::RunRow& run) {
    reports::data::RunView view;
    view.id = run.id;
    view.variant = run.variant;
    view.model = run.model_name;
    view.fingerprint = run.model_fingerprint;
    view.plan = run.plan_hash;
    const engine::Licence licence = run_licence(runs, run);
    view.licence = {licence.name, licence.basis};
    view.created = run.created;
    view.complete = !run.finished.empty();
    view.imported = is_imported(run);
    view.settings = run_settings(run);
    view.warnings = model_warnings(run);
    for (const store::RunTaskRow& row : runs.tasks(run.id)) {
        view.imported = view.imported || is_imported(row);
        view.tasks.push_back(settings_of_task(run, row, view.tasks.size()));
        // The confinement of programs is the same for all tasks of a run that have any.
        for (reports::data::Setting& setting : execution_settings(row)) {
            const bool there = std::any_of(view.settings.begin(), view.settings.end(),
                                           [&](const auto& shown) { return shown.name == setting.name; });
            if (!there) view.settings.push_back(std::move(setting));
        }
    }
    return view;
}

reports::data::RunView run_view(const store::RunStore& runs, const store::RunRow& run, const suites::Catalog& catalog,
                                DocumentHashes hashes) {
    const store::ReadTransaction one_moment(runs.database());
    reports::data::RunView view = settings_view(runs, run);
    const std::vector<store::RunTaskRow> rows = runs.tasks(run.id);
    const store::ScoreStore scores(runs.database());
    const LaterScorers scorers(scores.scorers(run.id));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        reports::data::TaskView& task = view.tasks[i];
        const store::UseDocument use =
            hashes == DocumentHashes::OfStoredText ? stored_text_hashes(task.docs) : store::UseDocument();
        fill(task, rows[i], scores.task_columns(rows[i].id, use), scorers);
        if (const auto rule = cluster_rule(rows[i], catalog)) set_clusters(clusters_of(*rule, runs, rows[i].id), task);
    }
    view.groups = group_numbers(view, catalog);
    for (reports::data::GroupView& group : stored_group_numbers(view, runs.groups(run.id), catalog))
        view.groups.push_back(std::move(group));
    return view;
}

}  // namespace harness::results
