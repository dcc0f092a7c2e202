#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/base/usage_error.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/engine_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/progress.hpp"
#include "harness/cli/reward_models.hpp"
#include "harness/cli/reward_print.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/cli/table_print.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/model/model_source.hpp"
#include "harness/scoring/reward_evaluation.hpp"
#include "harness/scoring/reward_model.hpp"
#include "harness/store/hidden_state_store.hpp"
#include "safety/reward/error.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;

struct RewardEvalOptions {
    std::string name;
    std::vector<std::string> pairs;
    std::string database;
    std::string backbone;  ///< empty: as it was trained
    std::uint64_t seed = 0;
    engine::EngineOptions engine;
    bool json = false;
};

ExitCode evaluate(const RewardEvalOptions& options) {
    const std::vector<scoring::PreferencePair> pairs = read_pairs(options.pairs);
    const store::Database database = database_to_change(options.database);
    store::RewardStore rewards(database);
    const store::RewardModelRow row = resolve_reward_model(rewards, options.name);
    const scoring::RewardModel reward = scoring::reward_model(row);
    const model::ModelSource source(backbone_of(reward, options.backbone));
    ProgressBar bar(source.variant(), "answers");
    bar.phase("opening the model");
    const auto model = source.open(options.engine);
    scoring::check_backbone(reward, model->card());
    store::HiddenStateStore cache(database);
    const scoring::Backbone backbone(*model, reward.format, &cache);
    const scoring::EncodedPairs encoded = scoring::encode_pairs(backbone, pairs);
    check_encoded(encoded);
    const auto on_progress = [&bar](std::size_t done, std::size_t total) {
        bar.update("hidden states", done, total, done);
    };
    scoring::RewardEvaluation evaluation;
    try {
        evaluation = scoring::evaluate_reward(backbone, encoded, reward.place, {.seed = options.seed}, on_progress);
    } catch (const safety::reward::RewardError& error) {
        throw base::UsageError(fmt::format("--pairs: {}", error.what()));
    }
    json metrics = scoring::to_json(evaluation);
    const std::string hash = scoring::data_hash(pairs);
    const bool is_training_data = hash == row.data_hash;
    metrics["data_hash"] = hash;
    metrics["seed"] = options.seed;
    metrics["left_out"] = encoded.left_out;
    metrics["training_data"] = is_training_data;
    rewards.set_metrics(row.name, metrics.dump());
    if (options.json) {
        metrics["name"] = row.name;
        print_json(metrics);
        return ExitCode::Done;
    }
    print_evaluation(row.name, evaluation);
    if (is_training_data)
        print_paragraph("Layer and pooling were chosen on a part of these pairs, which can only flatter the model.");
    return ExitCode::Done;
}

}  // namespace

void add_reward_eval(Verb& reward) {
    Verb& verb = reward.verb("eval", "Measure how far a reward model can be believed, beside simple baselines");
    auto& options = verb.command(evaluate);
    verb.argument("NAME", text_not_empty(options.name), kRewardNameHelp).required();
    pairs_option(verb, options.pairs);
    database_option(verb, options.database);
    verb.option("--backbone", "MODEL", any_text(options.backbone),
                "Where the model's backbone is (default: where it was at the training)");
    verb.option("--seed", "N", whole_number(options.seed), "Of the division into folds (default: 0)").of_its_verb();
    json_flag(verb, options.json);
    engine_options(verb, options.engine);
    verb.note(
        "Heads of the model's layer and pooling are trained on four fifths of the prompts and score the rest, five "
        "times, so that every pair is scored without having been seen. The result is stored with the model.");
    verb.example("bellwether reward eval harmless --pairs pairs.jsonl");
}

}  // namespace harness::cli
