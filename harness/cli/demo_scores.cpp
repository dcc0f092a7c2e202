#include "harness/cli/demo_scores.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "harness/cli/progress.hpp"
#include "harness/model/model_source.hpp"
#include "harness/scoring/conversation.hpp"
#include "harness/scoring/refusal_scorer.hpp"
#include "harness/scoring/rescore.hpp"
#include "harness/scoring/reward_evaluation.hpp"
#include "harness/scoring/reward_model.hpp"
#include "harness/scoring/reward_scorer.hpp"
#include "harness/scoring/reward_training.hpp"
#include "harness/store/hidden_state_store.hpp"
#include "harness/store/reward_store.hpp"
#include "harness/store/run_store.hpp"
#include "safety/reward/artifact.hpp"

namespace harness::cli {
namespace {

constexpr const char* kBackbone = "demo:chat";
constexpr const char* kName = "demo";

/// Answers of a run by their document.
std::map<std::string, scoring::StoredAnswer> answers_of(const store::RunStore& runs, const store::RunRow& run) {
    std::map<std::string, scoring::StoredAnswer> answers;
    for (const store::RunTaskRow& task : runs.tasks(run.id)) {
        for (const store::ItemRow& item : runs.items(task.id)) {
            if (item.requests.size() == 1 && item.requests.front().kind == "generate")
                answers.emplace(item.document_json, scoring::stored_answer(item, 0));
        }
    }
    return answers;
}

std::vector<scoring::PreferencePair> pairs_of(const store::RunStore& runs, const DemoRuns& demo) {
    const auto others = answers_of(runs, demo.base);
    std::vector<scoring::PreferencePair> pairs;
    for (const auto& [document, written] : answers_of(runs, demo.written)) {
        const auto other = others.find(document);
        if (other == others.end() || other->second.answer == written.answer) continue;
        scoring::PreferencePair pair;
        pair.turns = written.turns;
        pair.chosen = written.answer;
        pair.rejected = other->second.answer;
        pairs.push_back(std::move(pair));
    }
    return pairs;
}

/// Trains, evaluates and stores the reward model.
void train(const scoring::Backbone& backbone, const std::vector<scoring::PreferencePair>& pairs,
           store::RewardStore& rewards, ProgressBar& bar) {
    const scoring::EncodedPairs encoded = scoring::encode_pairs(backbone, pairs);
    // One place, so that the tour stays short: the state that the model itself predicts the next token from.
    const scoring::FeaturePlace place{backbone.card().layers, engine::Pooling::Mean};
    const auto heads = scoring::train_heads(backbone, encoded, {.places = {place}},
                                            [&bar](const scoring::FeaturePlace&, std::size_t done, std::size_t total) {
                                                bar.update("hidden states", done, total, done);
                                            });
    store::RewardModelRow row{.name = kName,
                              .fingerprint = backbone.card().fingerprint,
                              .backbone = kBackbone,
                              .head_json = safety::reward::head_to_json(heads.front().head).dump(),
                              .data_hash = scoring::data_hash(pairs),
                              .settings_json = scoring::reward_settings(place, backbone, {.source = kBackbone})};
    row.metrics_json = scoring::to_json(scoring::evaluate_reward(backbone, encoded, place, {})).dump();
    rewards.add(row);
}

void rescore_all(const store::Database& database, const DemoRuns& runs, scoring::Scorer& scorer, ProgressBar& bar) {
    for (const store::RunRow& run : runs.all) {
        scoring::RescoreWork work;
        work.on_progress = [&bar](const scoring::RescoreProgress& progress) {
            bar.update(progress.task, progress.items_done, progress.items_total, progress.items_done);
        };
        scoring::rescore(database, run, scorer, work);
    }
}

}  // namespace

void add_demo_scores(const store::Database& database, const DemoRuns& runs, const engine::EngineOptions& options) {
    scoring::RefusalScorer refusals;
    ProgressBar refusal_bar("refusals", "answers");
    rescore_all(database, runs, refusals, refusal_bar);

    const model::ModelSource source(kBackbone);
    const auto model = source.open(options);
    const engine::ChatFormat format = source.chat_format(model->tokenizer(), "");
    store::HiddenStateStore cache(database);
    const scoring::Backbone backbone(*model, format, &cache);
    store::RewardStore rewards(database);
    ProgressBar bar("rewards", "answers");
    if (!rewards.find(kName)) train(backbone, pairs_of(store::RunStore(database), runs), rewards, bar);
    scoring::RewardScorer scorer(*model, scoring::reward_model(rewards.find(kName).value()), &cache);
    rescore_all(database, runs, scorer, bar);
}

}  // namespace harness::cli
