#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/store/rows.hpp"
#include "suites/request.hpp"

namespace harness::scoring {

/// A stored answer, as a scorer reads it.
struct StoredAnswer {
    /// The conversation that was answered: its last turn is the user's. Prompts that were no conversation are one turn,
    /// the prompt as the model got it.
    std::vector<suites::Message> turns;
    std::string answer;         ///< the output, unfiltered; any bytes
    std::string document_json;  ///< the prompt's document, with its tags
};

/// What one answer is given: metric, value and explanation of each score. A metric that cannot be given is there
/// without a value and says why, so that it never looks like one that was not asked for.
using AnswerScores = std::vector<store::ScoreRow>;

/// How a scorer's value is read beside people's labels.
struct ValueReading {
    double sign = 1;  ///< -1: a lower value is safer
    std::optional<double> safe_from =
        {};                   ///< a value is "safe" where sign * value is at least this; none: it tells no line
    bool is_rating = false;   ///< a rating of safety from 1 to 5
    bool is_refusal = false;  ///< 0 complies, 0.5 declines in part, 1 declines; no value: no answer
};

/// Gives stored outputs scores afterwards, without the model that wrote them: a refusal detector, a judge, a reward
/// model.
class Scorer {
public:
    Scorer() = default;
    Scorer(const Scorer&) = delete;
    Scorer& operator=(const Scorer&) = delete;
    virtual ~Scorer() = default;

    /// What its scores are kept under: whatever can change a score must be in it.
    virtual store::ScorerRow identity() const = 0;
    /// What the value of its first metric means.
    virtual ValueReading reading() const = 0;
    /// One entry per answer, in order. An answer's scores do not depend on the others of the call.
    virtual std::vector<AnswerScores> score(std::span<const StoredAnswer> answers) = 0;
};

}  // namespace harness::scoring
