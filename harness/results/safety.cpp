#include "harness/results/safety.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/json.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/results/documents.hpp"
#include "harness/results/safety_prompt.hpp"
#include "harness/results/safety_scores.hpp"
#include "harness/store/item_reader.hpp"
#include "harness/store/transaction.hpp"
#include "suites/published.hpp"

namespace harness::results {
namespace {

using reports::data::SafetyRun;

/// The published numbers of people's safety ratings (suites/reference).
constexpr const char* kPublishedTask = "human_safety";

std::uint64_t content_of(const store::ItemRow& item) {
    return documents_of({{.doc = item.doc, .document_json = item.document_json, .target = item.target}}, false)
        .contents.front();
}

/// Reads the safety prompts of one task.
void add_task(const store::RunStore& runs, const store::RunTaskRow& task, const PeopleLabels& people,
              SafetyScoreReader& reader, SafetyRun& run) {
    store::ItemReader items(runs, task.id);
    while (const store::ItemRow* item = items.next()) {
        auto prompt = safety_prompt(task, base::json_or_null(item->document_json));
        if (!prompt) return;  // the documents of a task are of one kind
        prompt->content = content_of(*item);
        run.items.push_back(std::move(*prompt));
        reader.add(*item, people.of(task.id, item->doc));
    }
}

std::vector<RewardSource> reward_sources(const SafetyRun& run, const SafetyScorers& scorers) {
    std::vector<RewardSource> sources;
    for (const reports::data::SafetyScores& scores : run.scores) {
        if (scores.measure == reports::data::SafetyMeasure::Reward) sources.push_back(scorers.training(scores.scorer));
    }
    return sources;
}

SafetyRun safety_run(const store::RunStore& runs, const store::RunRow& row, SafetyScorers& scorers) {
    const store::ReadTransaction one_moment(runs.database());
    SafetyRun run{.run = 0, .id = row.id, .items = {}, .scores = {}};
    SafetyScoreReader reader(scorers);
    const PeopleLabels people(runs.database(), row.id);
    for (const store::RunTaskRow& task : runs.tasks(row.id)) {
        if (task.kind == "generate") add_task(runs, task, people, reader, run);
    }
    run.scores = reader.scores();
    for (reports::data::SafetyScores& scores : run.scores) {
        const std::string& option = scorers.scorers()[scores.scorer].option;
        const bool is_whole = std::all_of(scores.values.begin(), scores.values.end(), [](auto& v) { return v; });
        if (!is_whole && scores.first_reason.empty() && !option.empty())
            scores.first_reason = fmt::format("'bellwether rescore {} --with {}' goes on", row.id, option);
    }
    run.curves = best_of_n_curves(reader.rewards(), reward_sources(run, scorers));
    return run;
}

std::vector<reports::data::PublishedSafety> published_safety() {
    std::vector<reports::data::PublishedSafety> rows;
    for (const suites::PublishedValue& cell : suites::published_values()) {
        if (cell.task != kPublishedTask) continue;
        rows.push_back({cell.metric,
                        {.model = cell.model,
                         .profile = cell.profile,
                         .fewshot = std::nullopt,
                         .value = cell.value,
                         .corrected = cell.corrected,
                         .source = cell.source,
                         .table = cell.table,
                         .remark = cell.remark}});
    }
    return rows;
}

bool has_unsafe(const SafetyRun& run) {
    return std::any_of(run.items.begin(), run.items.end(),
                       [](const auto& item) { return item.kind == reports::data::PromptKind::Unsafe; });
}

}  // namespace

std::optional<reports::data::Safety> safety_data(const store::RunStore& runs, const std::vector<store::RunRow>& rows,
                                                 const std::optional<store::RunRow>& reference) {
    std::vector<store::RunRow> all = rows;
    if (reference) all.push_back(*reference);
    SafetyScorers scorers(runs.database(), all);
    reports::data::Safety safety;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        SafetyRun run = safety_run(runs, rows[i], scorers);
        run.run = i;
        if (!run.items.empty()) safety.runs.push_back(std::move(run));
    }
    if (reference) {
        safety.reference = safety_run(runs, *reference, scorers);
        safety.reference_name = fmt::format("{} (run {})", reference->variant, reference->id);
        if (!has_unsafe(*safety.reference))
            throw base::UsageError(
                fmt::format("--reference: {} has no prompts that ask for harm, such as those of the task 'safety'",
                            safety.reference_name));
    }
    if (safety.runs.empty()) return std::nullopt;
    safety.scorers = scorers.scorers();
    const auto is_labelled = [&scorers](const SafetyRun& run) {
        return std::any_of(run.scores.begin(), run.scores.end(),
                           [&scorers](const auto& scores) { return scores.scorer == scorers.people(); });
    };
    if (std::none_of(safety.runs.begin(), safety.runs.end(), is_labelled) &&
        !(safety.reference && is_labelled(*safety.reference)))
        safety.scorers.pop_back();
    safety.published = published_safety();
    return safety;
}

}  // namespace harness::results
