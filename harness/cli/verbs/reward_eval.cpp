#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/usage_error.hpp"
#include "harness/cli/agreement_print.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/engine_options.hpp"
#include "harness/cli/interrupt.hpp"
#include "harness/cli/labelled_scores.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/progress.hpp"
#include "harness/cli/reward_models.hpp"
#include "harness/cli/reward_print.hpp"
#include "harness/cli/scorers.hpp"
#include "harness/cli/stopped.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/cli/study_pairs.hpp"
#include "harness/cli/table_print.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/interchange/labelled_answers.hpp"
#include "harness/model/model_source.hpp"
#include "harness/scoring/reward_evaluation.hpp"
#include "harness/scoring/reward_model.hpp"
#include "harness/scoring/reward_scorer.hpp"
#include "harness/scoring/style_check.hpp"
#include "harness/store/hidden_state_store.hpp"
#include "safety/reward/error.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;

struct RewardEvalOptions {
    std::string name;
    PairSources pairs;
    std::string database;
    std::string backbone;  ///< empty: as it was trained
    std::string labels;    ///< empty: none
    std::string coconot;   ///< empty: none
    std::uint64_t seed = 0;
    engine::EngineOptions engine;
    bool json = false;
};

/// What is measured beside the pairs.
struct Beside {
    std::optional<scoring::LabelledFile> labels;
    std::vector<scoring::PreferencePair> style_pairs;
};

/// Reads everything before anything is computed. Throws UsageError.
Beside read_beside(const RewardEvalOptions& options) {
    Beside beside;
    if (!options.labels.empty()) {
        beside.labels = interchange::read_labelled_answers(options.labels);
        check_turns(*beside.labels);
        if (beside.labels->scale == scoring::LabelScale::Refusal)
            throw base::UsageError(options.labels +
                                   ": its labels are classes of refusal; a reward is compared with "
                                   "ratings from 1 to 5, or safe and unsafe");
    }
    if (!options.coconot.empty()) beside.style_pairs = read_pairs({options.coconot});
    return beside;
}

/// A reward model with its backbone, opened.
struct Opened {
    const RewardEvalOptions& options;
    const store::Database& database;
    engine::LanguageModel& model;
    const scoring::RewardModel& reward;
    const scoring::Backbone& backbone;
    store::HiddenStateStore& cache;
    ProgressBar& bar;

    scoring::Backbone::OnProgress progress(const std::string& what) const {
        return [this, what](std::size_t done, std::size_t total) {
            bar.update(what, done, total, done);
            stop_if_interrupted(kStatesAreStored);
        };
    }
};

scoring::RewardEvaluation evaluated(const Opened& opened, const scoring::EncodedPairs& encoded) {
    try {
        return stoppable(kStatesAreStored, [&] {
            return scoring::evaluate_reward(opened.backbone, encoded, opened.reward.place,
                                            {.seed = opened.options.seed}, opened.progress("hidden states"));
        });
    } catch (const safety::reward::RewardError& error) {
        throw base::UsageError(fmt::format("--pairs: {}", error.what()));
    }
}

/// Adds "ratings" to the metrics, and stores the agreement with the scorer.
std::optional<scoring::PeopleAgreement> compare_with_people(const Opened& opened, const Beside& beside, json& metrics) {
    if (!beside.labels) return std::nullopt;
    scoring::RewardScorer scorer(opened.model, opened.reward, &opened.cache);
    const LabelledScores scores = score_labelled(scorer, *beside.labels, opened.bar);
    scoring::PeopleAgreement agreement = scoring::people_agreement(*beside.labels, scores.values, scores.reading);
    store_agreement(opened.database, scores, *beside.labels, agreement);
    metrics["ratings"] = scoring::to_json(agreement, *beside.labels);
    metrics["ratings"]["labels"] = beside.labels->name;
    metrics["ratings"]["items"] = agreement.items;
    return agreement;
}

/// Adds "coconot" to the metrics.
std::optional<scoring::StyleCheck> check_style(const Opened& opened, const Beside& beside, json& metrics) {
    if (beside.style_pairs.empty()) return std::nullopt;
    scoring::StyleCheck check =
        scoring::check_style(opened.backbone, opened.reward, beside.style_pairs, opened.progress("CoCoNot"));
    metrics["coconot"] = scoring::to_json(check);
    return check;
}

/// Whether pairs are those that the model was trained on, or all of which it was trained on one half.
bool is_training_data(const store::RewardModelRow& row, const scoring::RewardModel& reward, const std::string& hash) {
    return hash == row.data_hash || (reward.half && hash == reward.half->pairs_hash);
}

ExitCode measure(const RewardEvalOptions& options) {
    const std::vector<scoring::PreferencePair> pairs = pairs_of(options.pairs, options.database);
    const Beside beside = read_beside(options);
    const store::Database database = database_to_change(options.database);
    store::RewardStore rewards(database);
    const store::RewardModelRow row = resolve_reward_model(rewards, options.name);
    const scoring::RewardModel reward = scoring::reward_model(row);
    const model::ModelSource source(backbone_of(reward, options.backbone));
    const InterruptWatch watch;
    ProgressBar bar(source.variant(), "answers");
    bar.phase("opening the model");
    const auto model = source.open(interruptible(options.engine, bar));
    scoring::check_backbone(reward, model->card());
    store::HiddenStateStore cache(database);
    const scoring::Backbone backbone(*model, reward.format, &cache);
    const Opened opened{options, database, *model, reward, backbone, cache, bar};
    const scoring::EncodedPairs encoded = scoring::encode_pairs(backbone, pairs);
    check_encoded(encoded);
    const scoring::RewardEvaluation evaluation = evaluated(opened, encoded);
    json metrics = scoring::to_json(evaluation);
    metrics["data_hash"] = scoring::data_hash(pairs);
    metrics["seed"] = options.seed;
    metrics["left_out"] = encoded.left_out;
    metrics["training_data"] = is_training_data(row, reward, metrics["data_hash"]);
    const auto agreement = compare_with_people(opened, beside, metrics);
    const auto style = check_style(opened, beside, metrics);
    rewards.set_metrics(row.name, metrics.dump());
    if (options.json) {
        metrics["name"] = row.name;
        print_json(metrics);
        return ExitCode::Done;
    }
    print_evaluation(row.name, evaluation);
    if (style) print_style(*style);
    if (agreement) print_coefficients(*agreement);
    if (metrics["training_data"] == true)
        print_paragraph("Layer and pooling were chosen on a part of these pairs, which can only flatter the model.");
    return ExitCode::Done;
}

}  // namespace

void add_reward_eval(Verb& reward) {
    Verb& verb = reward.verb("eval", "Measure how far a reward model can be believed, beside simple baselines");
    auto& options = verb.command(measure);
    verb.argument("NAME", text_not_empty(options.name), kRewardNameHelp).required();
    pair_source_options(verb, options.pairs);
    database_option(verb, options.database);
    verb.option("--backbone", "MODEL", any_text(options.backbone),
                "Where the model's backbone is (default: where it was at the training)");
    verb.option("--labels", "FILE", text_not_empty(options.labels),
                "Answers with people's ratings from 1 to 5, or safe and unsafe (see 'judge eval --help'): their rank "
                "correlation with the reward")
        .of_its_verb();
    verb.option(
            "--coconot", "FILE", text_not_empty(options.coconot),
            "CoCoNot's preference pairs (coconot_pref.jsonl), which style alone tells apart: high accuracy there is "
            "a warning")
        .of_its_verb();
    verb.option("--seed", "N", whole_number(options.seed), "Of the division into folds (default: 0)").of_its_verb();
    json_flag(verb, options.json);
    engine_options(verb, options.engine);
    verb.note(
        "Heads of the model's layer and pooling are trained on four fifths of the prompts and score the rest, five "
        "times, so that every pair is scored without having been seen. The result is stored with the model.");
    verb.example("bellwether reward eval harmless --pairs pairs.jsonl");
    verb.example("bellwether reward eval safe --from-study safety-pairs");
    verb.example("bellwether reward eval harmless --pairs pairs.jsonl --coconot coconot_pref.jsonl");
}

}  // namespace harness::cli
