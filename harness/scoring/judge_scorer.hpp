#pragma once

#include <utility>

#include "harness/scoring/judge_model.hpp"
#include "harness/scoring/scorer.hpp"

namespace harness::scoring {

/// A model that judges answers by a template. An answer gets the template's metric, and an explanation with the
/// probability of each reply; it has no value where the judge's reply has none (judge_model.hpp).
class JudgeScorer final : public Scorer {
public:
    /// `judge` has a template for single answers.
    explicit JudgeScorer(JudgeModel judge) : judge_(std::move(judge)) {}

    store::ScorerRow identity() const override;
    ValueReading reading() const override;
    /// Throws EngineError.
    std::vector<AnswerScores> score(std::span<const StoredAnswer> answers) override;

private:
    JudgeModel judge_;
};

}  // namespace harness::scoring
