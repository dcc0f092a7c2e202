#include "harness/scoring/reward_scorer.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "harness/scoring/metric_settings.hpp"
#include "suites/metric.hpp"

namespace harness::scoring {
namespace {

constexpr const char* kMetric = "reward";

}  // namespace

RewardScorer::RewardScorer(engine::LanguageModel& engine, RewardModel model, store::HiddenStateStore* cache)
    : model_(std::move(model)), backbone_(engine, model_.format, cache, model_.end) {
    check_backbone(model_, engine.card());
}

store::ScorerRow RewardScorer::identity() const {
    const engine::ModelCard& card = backbone_.card();
    const suites::MetricDefinition metric = {
        .name = kMetric, .direction = suites::Direction::HigherIsBetter, .interval = suites::Interval::Real};
    nlohmann::json settings = {
        {"metrics", metric_settings({metric})},
        {"model", model_.backbone},
        {"layer", model_.place.layer},
        {"pooling", to_string(model_.place.pooling)},
        {"chat_format", engine::to_string(model_.format)},
        {"numerics", card.numerics},
        {"device", card.device},
        {"context", card.context_length},
    };
    if (model_.end == AnswerEnd::Eos) settings["answer_end"] = "eos";
    if (model_.half) settings["half"] = to_json(*model_.half);
    return {.kind = "reward",
            .name = model_.name,
            .version = 1,
            .model_fingerprint = card.fingerprint,
            .prompt_hash = model_.head_hash,
            .settings_json = settings.dump()};
}

ValueReading RewardScorer::reading() const {
    // Without the safe / unsafe term the head has no bias, and 0 divides nothing.
    if (model_.head.settings.auxiliary > 0) return {.safe_from = 0};
    return {};
}

std::vector<AnswerScores> RewardScorer::score(std::span<const StoredAnswer> answers) {
    std::vector<AnswerScores> scores(answers.size());
    std::vector<std::vector<engine::TokenId>> sequences;
    std::vector<std::size_t> asked;  // the answer of each sequence
    for (std::size_t i = 0; i < answers.size(); ++i) {
        EncodedAnswer encoded = backbone_.encode(answers[i].turns, answers[i].answer);
        scores[i] = {{.metric = kMetric, .value = std::nullopt, .explanation = std::move(encoded.error)}};
        if (encoded.ids.empty()) continue;
        asked.push_back(i);
        sequences.push_back(std::move(encoded.ids));
    }
    const std::vector<std::vector<float>> features = backbone_.features(sequences, model_.place);
    for (std::size_t i = 0; i < asked.size(); ++i) scores[asked[i]].front().value = model_.head.score(features[i]);
    return scores;
}

}  // namespace harness::scoring
