#pragma once

#include "engine/language_model.hpp"
#include "harness/scoring/backbone.hpp"
#include "harness/scoring/reward_model.hpp"
#include "harness/scoring/scorer.hpp"

namespace harness::scoring {

/// A trained reward model. Metric "reward": the higher the better; the difference of two answers' rewards is the logit
/// of the probability that the first is preferred. An answer that does not fit the backbone's context, or whose
/// conversation its chat format cannot write, has no value and says why.
class RewardScorer final : public Scorer {
public:
    /// Engine and cache must outlive it. Throws UsageError when `engine` is not the backbone of `model`.
    RewardScorer(engine::LanguageModel& engine, RewardModel model, store::HiddenStateStore* cache = nullptr);

    store::ScorerRow identity() const override;
    ValueReading reading() const override;
    /// Throws EngineError and StoreError.
    std::vector<AnswerScores> score(std::span<const StoredAnswer> answers) override;

private:
    RewardModel model_;
    Backbone backbone_;
};

}  // namespace harness::scoring
