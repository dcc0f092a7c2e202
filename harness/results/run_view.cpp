#include "harness/results/run_view.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "harness/base/json.hpp"
#include "harness/results/group_numbers.hpp"
#include "harness/results/task_record.hpp"
#include "suites/task.hpp"

namespace harness::results {
namespace {

suites::Scores scores_of(const store::ItemRow& item) {
    suites::Scores scores;
    for (const store::ScoreRow& score : item.scores) scores[score.metric] = score.value;
    return scores;
}

reports::data::ItemView shown(const store::ItemRow& item) {
    reports::data::ItemView view{
        .doc = item.doc, .target = item.target, .error = item.error, .exchanges = {}, .scores = {}};
    for (const store::RequestRow& request : item.requests) {
        const bool generated = request.kind == "generate";
        view.exchanges.push_back({request.kind, request.context, generated ? request.output : request.continuation,
                                  generated ? std::nullopt : std::optional(request.logprob), request.finish});
    }
    for (const store::ScoreRow& score : item.scores) {
        view.scores[score.metric] = score.value;
        if (!score.explanation.empty()) view.explanations[score.metric] = score.explanation;
    }
    return view;
}

}  // namespace

reports::data::RunView run_view(const store::RunStore& runs, const store::RunRow& run, std::uint64_t shown_items) {
    nlohmann::json card = base::json_or_null(runs.model(run.model_fingerprint).card_json);
    if (!card.is_object()) card = nlohmann::json::object();
    reports::data::RunView view{.id = run.id,
                                .variant = run.variant,
                                .model = run.model_name,
                                .fingerprint = run.model_fingerprint,
                                .device = card.value("device", ""),
                                .numerics = card.value("numerics", ""),
                                .created = run.created,
                                .complete = !run.finished.empty(),
                                .tasks = {},
                                .groups = {}};
    for (const store::RunTaskRow& row : runs.tasks(run.id)) {
        const TaskRecord task(row);
        reports::data::TaskView shown_task{.task = row.task,
                                           .profile = row.profile,
                                           .version = row.version,
                                           .fewshot = row.fewshot,
                                           .items = 0,
                                           .errors = 0,
                                           .planned = row.planned_items,
                                           .docs = {},
                                           .metrics = {},
                                           .counters = {},
                                           .shown = {}};
        std::vector<suites::Scores> scores;
        for (const store::ItemRow& item : runs.item_scores(row.id)) {
            shown_task.docs.push_back(item.doc);
            shown_task.errors += item.error.empty() ? 0 : 1;
            scores.push_back(scores_of(item));
        }
        shown_task.items = scores.size();
        for (const suites::MetricDefinition& metric : task.metrics()) {
            const auto total = suites::aggregate(metric, scores);
            // A task none of whose items has a score is shown too, with nothing for a number: its errors are to be
            // seen.
            constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
            reports::data::MetricValues values{metric.name,
                                               metric.higher_is_better,
                                               total ? total->value : kNone,
                                               total ? total->standard_error : kNone,
                                               {},
                                               total ? total->items : 0};
            if (metric.aggregation == suites::Aggregation::Mean) {
                for (const suites::Scores& item : scores) {
                    const auto found = item.find(metric.name);
                    values.values.push_back(found == item.end() ? std::nullopt : found->second);
                }
            }
            shown_task.metrics.push_back(std::move(values));
        }
        for (const suites::MetricDefinition& counter : task.counters()) {
            const auto counted = std::count_if(scores.begin(), scores.end(), [&counter](const suites::Scores& item) {
                const auto found = item.find(counter.name);
                return found != item.end() && found->second.value_or(0) != 0;
            });
            shown_task.counters.push_back({counter.name, static_cast<std::uint64_t>(counted)});
        }
        if (shown_items > 0) {
            for (const store::ItemRow& item : runs.items(row.id, 0, shown_items))
                shown_task.shown.push_back(shown(item));
        }
        view.tasks.push_back(std::move(shown_task));
    }
    view.groups = results::group_numbers(view);
    return view;
}

}  // namespace harness::results
