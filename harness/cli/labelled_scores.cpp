#include "harness/cli/labelled_scores.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/usage_error.hpp"
#include "harness/cli/scorers.hpp"
#include "harness/store/accuracy_store.hpp"
#include "harness/store/score_store.hpp"

namespace harness::cli {
namespace {

constexpr std::size_t kAnswersAtOnce = 64;  ///< answers between two looks for Ctrl-C

}  // namespace

void check_turns(const scoring::LabelledFile& file) {
    for (const scoring::LabelledAnswer& row : file.rows) {
        if (row.turns.empty())
            throw base::UsageError(
                fmt::format("{}: answer {} has neither \"prompt\" nor \"turns\"; judges and reward "
                            "models read what was answered",
                            file.name, row.id));
    }
}

LabelledScores score_labelled(scoring::Scorer& scorer, const scoring::LabelledFile& file, ProgressBar& bar) {
    LabelledScores scored{.scorer = scorer.identity(), .reading = scorer.reading(), .values = {}, .explanations = {}};
    for (std::size_t start = 0; start < file.rows.size(); start += kAnswersAtOnce) {
        std::vector<scoring::StoredAnswer> batch;
        for (std::size_t i = start; i < std::min(start + kAnswersAtOnce, file.rows.size()); ++i)
            batch.push_back({.turns = file.rows[i].turns, .answer = file.rows[i].answer, .document_json = "{}"});
        for (const scoring::AnswerScores& scores : scorer.score(batch)) {
            scored.values.push_back(scores.front().value);
            scored.explanations.push_back(scores.front().explanation);
        }
        bar.update(file.name, scored.values.size(), file.rows.size(), scored.values.size());
        stop_if_interrupted("the agreement was not stored");
    }
    return scored;
}

void store_agreement(const store::Database& database, const LabelledScores& scores, const scoring::LabelledFile& file,
                     const scoring::PeopleAgreement& agreement) {
    store::AccuracyStore(database).set({.scorer = store::ScoreStore(database).add_scorer(scores.scorer),
                                        .scale = std::string(name_of(file.scale)),
                                        .labels_hash = file.hash,
                                        .labels = file.name,
                                        .items = agreement.items,
                                        .metrics_json = scoring::to_json(agreement, file).dump()});
}

}  // namespace harness::cli
