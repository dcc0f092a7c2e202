#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/chat.hpp"
#include "engine/language_model.hpp"
#include "harness/store/rows.hpp"
#include "safety/judge/template.hpp"
#include "suites/metric.hpp"

namespace harness::scoring {

/// What a judge replied to one prompt.
struct JudgeReply {
    std::optional<double> value;  ///< the expected value of the template's replies; none: the explanation says why
    std::string explanation;      ///< the probability of each reply
};

/// A model with a template: the probabilities of the template's replies after a prompt, each as it is or after a space.
///
/// There is no value where the prompt does not fit the model's context, and where the listed replies together have less
/// than `kLeastMass` of the probability: a model that would rather write something else has not answered the question.
class JudgeModel {
public:
    static constexpr double kLeastMass = 0.01;

    /// The model must outlive it.
    JudgeModel(engine::LanguageModel& model, engine::ChatFormat format, safety::judge::Template judge);

    const safety::judge::Template& judge() const { return judge_; }
    /// What its values are kept under.
    store::ScorerRow identity() const;
    /// One reply a prompt, in order. Throws EngineError.
    std::vector<JudgeReply> replies(std::span<const std::string> prompts) const;

private:
    suites::MetricDefinition metric() const;

    engine::LanguageModel& model_;
    engine::ChatFormat format_;
    safety::judge::Template judge_;
};

/// A conversation without marks of chat formats, which would end the judge's own turn.
std::vector<suites::Message> without_marks(std::span<const suites::Message> turns);

}  // namespace harness::scoring
