#include "harness/results/safety_scorers.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/base/json.hpp"
#include "harness/results/later_scores.hpp"
#include "harness/results/scorer_trust.hpp"
#include "harness/store/accuracy_store.hpp"
#include "harness/store/reward_store.hpp"
#include "harness/store/score_store.hpp"

namespace harness::results {
namespace {

/// The value of `rescore --with` that gives the scores of this scorer.
std::string option_of(const store::ScorerRow& scorer) {
    if (scorer.kind == "refusal") return "refusal";
    if (scorer.kind == "reward") return "reward:" + scorer.name;
    return "judge:MODEL --judge-template " + scorer.name;
}

std::string accuracy_command(const store::ScorerRow& scorer) {
    if (scorer.kind == "reward") return fmt::format("bellwether reward eval {} --pairs FILE", scorer.name);
    return fmt::format("bellwether judge eval --with {} --labels FILE",
                       scorer.kind == "refusal" ? "refusal" : "judge:MODEL");
}

/// The settings of a model that was trained on one half of the prompts name it: {"half": {"number": 1, "seed": 0,
/// "pairs_hash": "77ab..."}}.
RewardSource training_of(const store::RewardModelRow& model, std::size_t scorer) {
    RewardSource source{.scorer = scorer, .trained_on = model.data_hash};
    const nlohmann::json settings = base::json_or_null(model.settings_json);
    const nlohmann::json& half = base::member_of(settings, "half");
    const nlohmann::json& number = base::member_of(half, "number");
    if (!number.is_number_integer()) return source;
    source.half = number == 1 ? 1 : 2;
    source.half_of = base::member_of(half, "pairs_hash").dump() + base::member_of(half, "seed").dump();
    return source;
}

/// The scorers of all runs, each once, by id.
std::vector<store::ScorerRow> scorers_of(const store::ScoreStore& scores, const std::vector<store::RunRow>& runs) {
    std::map<std::int64_t, store::ScorerRow> scorers;
    for (const store::RunRow& run : runs) {
        for (store::ScorerRow& scorer : scores.scorers(run.id)) scorers.insert_or_assign(scorer.id, std::move(scorer));
    }
    std::vector<store::ScorerRow> rows;
    rows.reserve(scorers.size());
    for (const auto& [id, scorer] : scorers) rows.push_back(scorer);
    return rows;
}

}  // namespace

SafetyScorers::SafetyScorers(const store::Database& database, const std::vector<store::RunRow>& runs) {
    const store::ScoreStore scores(database);
    const store::AccuracyStore measured(database);
    const store::RewardStore rewards(database);
    const std::vector<store::ScorerRow> rows = scorers_of(scores, runs);
    const LaterScorers names(rows);
    for (const store::ScorerRow& row : rows) {
        const std::string* name = names.name(row.id);
        if (name == nullptr) continue;
        reports::data::SafetyScorer scorer{.name = *name, .kind = row.kind, .option = option_of(row)};
        for (const store::ScorerAccuracyRow& accuracy : measured.of_scorer(row.id))
            scorer.accuracy.push_back(accuracy_sentence(accuracy));
        scorer.accuracy_command = accuracy_command(row);
        RewardSource training{.scorer = scorers_.size()};
        if (row.kind == "reward") {
            if (const auto model = rewards.find(row.name)) {
                scorer.distrust = reward_distrust(*model);
                for (std::string& line : reward_accuracy(*model)) scorer.accuracy.push_back(std::move(line));
                training = training_of(*model, scorers_.size());
            }
        }
        index_[row.id] = scorers_.size();
        scorers_.push_back(std::move(scorer));
        training_.push_back(std::move(training));
    }
    scorers_.push_back({.name = "people", .kind = "people"});
    training_.emplace_back();
}

std::optional<std::size_t> SafetyScorers::index(std::int64_t scorer) const {
    const auto found = index_.find(scorer);
    return found == index_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace harness::results
