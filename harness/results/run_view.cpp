#include "harness/results/run_view.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

#include "harness/base/json.hpp"
#include "harness/results/documents.hpp"
#include "harness/results/error_summary.hpp"
#include "harness/results/group_numbers.hpp"
#include "harness/results/later_scores.hpp"
#include "harness/results/licence.hpp"
#include "harness/results/safety_prompt.hpp"
#include "harness/results/settings.hpp"
#include "harness/results/task_record.hpp"
#include "harness/store/score_store.hpp"
#include "harness/store/transaction.hpp"
#include "suites/task.hpp"

namespace harness::results {
namespace {

/// The scores of the task's own scorer.
suites::ScoreColumns own_scores(const store::TaskColumns& task, const store::RunTaskRow& row) {
    suites::ScoreColumns columns;
    for (const store::ScoreColumn& column : task.columns) {
        if (column.scorer == row.scorer.id) columns[column.metric] = column.values;
    }
    return columns;
}

reports::data::ItemView shown(const store::ItemRow& item, const LaterScorers& scorers) {
    reports::data::ItemView view{
        .doc = item.doc, .target = item.target, .error = item.error, .exchanges = {}, .scores = {}};
    for (const store::RequestRow& request : item.requests) {
        const bool generated = request.kind == "generate";
        view.exchanges.push_back({.kind = request.kind,
                                  .prompt = request.context,
                                  .answer = generated ? request.output : request.continuation,
                                  .logprob = generated ? std::nullopt : std::optional(request.logprob),
                                  .finish = request.finish,
                                  .cut_tokens = request.cut_tokens});
    }
    for (const store::ScoreRow& score : item.scores)
        view.scores[score.metric] = {.value = score.value, .explanation = score.explanation};
    view.scores.merge(later_scores(item, scorers));
    return view;
}

reports::data::Scale scale_of(suites::Interval interval) {
    switch (interval) {
        case suites::Interval::Share: return reports::data::Scale::Share;
        case suites::Interval::Exponential: return reports::data::Scale::Exponential;
        case suites::Interval::Real: break;
    }
    return reports::data::Scale::Plain;
}

reports::data::MetricValues metric_values(const suites::MetricDefinition& metric, const suites::ScoreColumns& scores,
                                          std::size_t items) {
    // A task without any score is shown too, without a value, so that its errors are visible.
    constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
    const auto total = suites::aggregate(metric, scores);
    reports::data::MetricValues values{.name = metric.name,
                                       .higher_is_better = metric.higher_is_better(),
                                       .value = total ? total->value : kNone,
                                       .standard_error = total ? total->standard_error : kNone,
                                       .values = {},
                                       .scored = total ? total->items : 0,
                                       .scale = scale_of(metric.interval)};
    if (metric.aggregation != suites::Aggregation::Mean) return values;
    const auto found = scores.find(metric.name);
    values.values = found == scores.end() ? std::vector<std::optional<double>>(items) : found->second;
    return values;
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

void fill(reports::data::TaskView& view, const store::RunTaskRow& row, const store::TaskColumns& columns,
          const LaterScorers& scorers) {
    const TaskRecord task(row);
    const suites::ScoreColumns scores = own_scores(columns, row);
    view.items = columns.docs.size();
    view.errors = static_cast<std::uint64_t>(std::count(columns.failed.begin(), columns.failed.end(), true));
    for (const suites::MetricDefinition& metric : task.metrics())
        view.metrics.push_back(metric_values(metric, scores, columns.docs.size()));
    for (const store::ScoreColumn& column : columns.columns) {
        if (scorers.name(column.scorer) == nullptr) continue;
        const suites::MetricDefinition metric = scorers.definition(column, row);
        view.metrics.push_back(metric_values(metric, {{metric.name, column.values}}, columns.docs.size()));
        view.metrics.back().is_later = true;
    }
    for (const suites::MetricDefinition& counter : task.counters())
        view.counters.push_back({counter.name, counted(counter.name, scores)});
}

bool asks_for_harm(const store::RunTaskRow& task, const store::ItemRow& item) {
    if (task_kind(task) == reports::data::PromptKind::Unsafe) return true;
    const auto prompt = safety_prompt(task, base::json_or_null(item.document_json));
    return prompt && prompt->kind == reports::data::PromptKind::Unsafe;
}

/// Errors by task.
std::map<std::int64_t, std::vector<ItemError>> errors_of(const store::RunStore& runs, const store::RunRow& run) {
    std::map<std::int64_t, std::vector<ItemError>> errors;
    for (const store::ErrorCount& error : runs.errors(run.id))
        errors[error.run_task].push_back({.doc = error.first_doc, .message = error.error, .items = error.items});
    return errors;
}

}  // namespace

reports::data::RunView settings_view(const store::RunStore& runs, const store::RunRow& run) {
    reports::data::RunView view;
    view.id = run.id;
    view.variant = run.variant;
    view.model = run.model_name;
    view.fingerprint = run.model_fingerprint;
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
                                std::uint64_t shown_items, DocumentHashes hashes) {
    const store::ReadTransaction one_moment(runs.database());
    reports::data::RunView view = settings_view(runs, run);
    const std::vector<store::RunTaskRow> rows = runs.tasks(run.id);
    const store::ScoreStore scores(runs.database());
    const std::vector<store::TaskColumns> columns = scores.columns(run.id);
    const LaterScorers scorers(scores.scorers(run.id));
    const std::map<std::int64_t, std::vector<ItemError>> errors = errors_of(runs, run);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        reports::data::TaskView& task = view.tasks[i];
        fill(task, rows[i], columns.at(i), scorers);
        if (const auto found = errors.find(rows[i].id); found != errors.end())
            task.reasons = error_summary(found->second);
        if (hashes == DocumentHashes::Taken) {
            task.docs = documents_of(runs.documents(rows[i].id), is_imported(rows[i]));
        } else {
            task.docs.numbers = columns[i].docs;
            task.docs.imported = is_imported(rows[i]);
        }
        if (shown_items == 0) continue;
        for (const store::ItemRow& item : runs.items(rows[i].id, 0, shown_items)) {
            task.has_harmful_text = task.has_harmful_text || asks_for_harm(rows[i], item);
            task.shown.push_back(shown(item, scorers));
        }
    }
    view.groups = group_numbers(view, catalog);
    for (reports::data::GroupView& group : stored_group_numbers(view, runs.groups(run.id), catalog))
        view.groups.push_back(std::move(group));
    return view;
}

}  // namespace harness::results
