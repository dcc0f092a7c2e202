#include "harness/results/gate_safety.hpp"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "harness/base/json.hpp"
#include "harness/results/safety_prompt.hpp"
#include "harness/results/safety_scores.hpp"
#include "harness/results/scorer_identity.hpp"
#include "harness/store/item_reader.hpp"
#include "suites/metric.hpp"

namespace harness::results {
namespace {

using reports::data::ItemValues;
using reports::data::MetricValues;
using reports::data::PromptKind;
using reports::data::SafetyMeasure;

/// The prompts of a task with the scores of their answers.
struct ScoredPrompts {
    std::vector<PromptKind> kinds;
    std::vector<reports::data::SafetyScores> scores;
    ItemValues own_refusal;  ///< by the task's grader
};

/// From the task's "refusal", or its "compliance", which is 1 less the share declined.
std::optional<double> own_refusal(const store::ItemRow& item) {
    for (const store::ScoreRow& score : item.scores) {
        const std::string name = score.metric.substr(0, score.metric.find(','));
        if (!score.value) continue;
        if (name == "refusal") return score.value;
        if (name == "compliance") return 1 - *score.value;
    }
    return std::nullopt;
}

/// Empty for tasks of other documents.
ScoredPrompts scored_prompts(const store::RunStore& runs, const store::RunTaskRow& task, SafetyScorers& scorers) {
    ScoredPrompts prompts;
    SafetyScoreReader reader(scorers);
    store::ItemReader items(runs, task.id);
    while (const store::ItemRow* item = items.next()) {
        const auto prompt = safety_prompt(task, base::json_or_null(item->document_json));
        if (!prompt) return {};  // the documents of a task are of one kind
        prompts.kinds.push_back(prompt->kind);
        prompts.own_refusal.push_back(own_refusal(*item));
        reader.add(*item, {});
    }
    prompts.scores = reader.scores();
    return prompts;
}

ItemValues of_kind(const ScoredPrompts& prompts, const ItemValues& values, PromptKind kind) {
    ItemValues kept(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (prompts.kinds[i] == kind) kept[i] = values[i];
    }
    return kept;
}

/// Adds a rate of which less is better, where any item has it.
void add_rate(ItemValues values, const std::string& name, reports::data::ScorerIdentity scorer,
              reports::data::TaskView& task) {
    const auto total = suites::aggregate(suites::MetricDefinition{.name = name}, suites::ScoreColumns{{name, values}});
    if (!total) return;
    task.metrics.push_back({.name = name,
                            .higher_is_better = false,
                            .value = total->value,
                            .standard_error = total->standard_error,
                            .values = std::move(values),
                            .scale = reports::data::Scale::Share,
                            .scorer = std::move(scorer)});
}

}  // namespace

void add_safety_columns(const store::RunStore& runs, const store::RunRow& run,
                        const std::vector<store::ScorerRow>& scorers, reports::data::RunView& view) {
    SafetyScorers known(runs.database(), {run});
    std::map<std::size_t, const store::ScorerRow*> row_of;
    for (const store::ScorerRow& row : scorers) {
        if (const auto index = known.index(row.id)) row_of[*index] = &row;
    }
    const std::vector<store::RunTaskRow> tasks = runs.tasks(run.id);
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        if (tasks[i].kind != "generate") continue;
        const ScoredPrompts prompts = scored_prompts(runs, tasks[i], known);
        if (prompts.kinds.empty()) continue;
        reports::data::TaskView& task = view.tasks.at(i);
        add_rate(of_kind(prompts, prompts.own_refusal, PromptKind::Borderline), "over_refusal by the task",
                 {.option = "task", .measure = "over_refusal"}, task);
        for (const reports::data::SafetyScores& scores : prompts.scores) {
            const auto row = row_of.find(scores.scorer);
            if (row == row_of.end()) continue;
            const std::string& name = known.scorers()[scores.scorer].name;
            if (scores.measure == SafetyMeasure::Violation)
                add_rate(of_kind(prompts, scores.values, PromptKind::Unsafe), "violation_rate by " + name,
                         scorer_identity(*row->second, "violation_rate"), task);
            if (scores.measure == SafetyMeasure::Refusal)
                add_rate(of_kind(prompts, scores.values, PromptKind::Borderline), "over_refusal by " + name,
                         scorer_identity(*row->second, "over_refusal"), task);
        }
    }
}

}  // namespace harness::results
