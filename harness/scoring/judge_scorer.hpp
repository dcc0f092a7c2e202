#pragma once

#include "engine/chat.hpp"
#include "engine/language_model.hpp"
#include "harness/scoring/scorer.hpp"
#include "safety/judge/template.hpp"

namespace harness::scoring {

/// A model that judges answers by a template: the probabilities of the template's replies after its prompt.
///
/// An answer gets the template's metric, and an explanation with the probability of each reply. It has no value where
/// the prompt does not fit the judge's context, and where the listed replies together have less than `kLeastMass` of
/// the probability: a model that would rather write something else has not answered the question.
class JudgeScorer final : public Scorer {
public:
    static constexpr double kLeastMass = 0.01;

    /// The model must outlive it.
    JudgeScorer(engine::LanguageModel& model, engine::ChatFormat format, safety::judge::Template judge);

    store::ScorerRow identity() const override;
    /// Throws EngineError.
    std::vector<AnswerScores> score(std::span<const StoredAnswer> answers) override;

private:
    engine::LanguageModel& model_;
    engine::ChatFormat format_;
    safety::judge::Template judge_;
};

}  // namespace harness::scoring
