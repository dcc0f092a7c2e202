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

/// Names of the reward models that a scorer of rewards asks: its own, or the two of a combined one, whose settings have
/// {"safety": {"name": "safe"}, "helpfulness": {"name": "helpful"}}.
std::vector<std::string> reward_models_of(const store::ScorerRow& scorer) {
    const nlohmann::json settings = base::json_or_null(scorer.settings_json);
    std::vector<std::string> names;
    for (const char* part : {"safety", "helpfulness"}) {
        const nlohmann::json model = settings.is_object() ? settings.value(part, nlohmann::json()) : nlohmann::json();
        const nlohmann::json name = model.is_object() ? model.value("name", nlohmann::json()) : nlohmann::json();
        if (name.is_string()) names.push_back(name.get<std::string>());
    }
    if (names.size() != 2) names = {scorer.name};
    return names;
}

std::string accuracy_command(const store::ScorerRow& scorer) {
    if (scorer.kind == "reward" && reward_models_of(scorer).size() == 1)
        return fmt::format("bellwether reward eval {} --pairs FILE", scorer.name);
    return fmt::format("bellwether judge eval --with {} --labels FILE", option_of(scorer));
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

std::string option_of(const store::ScorerRow& scorer) {
    if (scorer.kind == "refusal") return "refusal";
    if (scorer.kind == "reward") return (reward_models_of(scorer).size() > 1 ? "combined:" : "reward:") + scorer.name;
    return "judge:MODEL --judge-template " + scorer.name;
}

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
        if (row.kind == "judge" && scorer.accuracy.empty())
            scorer.distrust = fmt::format("{} was not compared with people: '{}' says how far to trust it", *name,
                                          scorer.accuracy_command);
        RewardSource training{.scorer = scorers_.size()};
        for (const std::string& name_of_model :
             row.kind == "reward" ? reward_models_of(row) : std::vector<std::string>{}) {
            const auto model = rewards.find(name_of_model);
            if (!model) continue;
            const std::string distrust = reward_distrust(*model);
            scorer.distrust += (scorer.distrust.empty() || distrust.empty() ? "" : "; ") + distrust;
            for (std::string& line : reward_accuracy(*model)) scorer.accuracy.push_back(std::move(line));
            training = training_of(*model, scorers_.size());
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
