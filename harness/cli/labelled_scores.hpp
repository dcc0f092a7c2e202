#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/cli/progress.hpp"
#include "harness/scoring/labelled_answers.hpp"
#include "harness/scoring/people_agreement.hpp"
#include "harness/scoring/scorer.hpp"
#include "harness/store/database.hpp"

namespace harness::cli {

/// What a scorer said about the answers of a file.
struct LabelledScores {
    store::ScorerRow scorer;
    scoring::ValueReading reading;
    std::vector<std::optional<double>> values;  ///< [answer]
    std::vector<std::string> explanations;
};

/// Throws UsageError when an answer has no conversation: scorers other than the refusal detector read it.
void check_turns(const scoring::LabelledFile& file);

/// Scores every answer. Ctrl-C between two batches throws EngineError (Stopped).
LabelledScores score_labelled(scoring::Scorer& scorer, const scoring::LabelledFile& file, ProgressBar& bar);

/// Stores what was measured beside the scorer.
void store_agreement(const store::Database& database, const LabelledScores& scores, const scoring::LabelledFile& file,
                     const scoring::PeopleAgreement& agreement);

}  // namespace harness::cli
