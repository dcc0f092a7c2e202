#pragma once

#include <cstdint>
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
    /// One entry per answer, in order. An answer's scores do not depend on the others of the call.
    virtual std::vector<AnswerScores> score(std::span<const StoredAnswer> answers) = 0;
};

}  // namespace harness::scoring
