#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "harness/results/answer_rewards.hpp"
#include "harness/store/database.hpp"
#include "harness/store/rows.hpp"
#include "reports/data/safety.hpp"

namespace harness::results {

/// The value of `--with` that gives the scores of a stored scorer: "refusal", "judge:MODEL --judge-template guard",
/// "reward:safe", "combined:safe+helpful".
std::string option_of(const store::ScorerRow& scorer);

/// The scorers of several runs under one list of names, with what is known of them.
class SafetyScorers {
public:
    /// Reads the scorers of the runs and what was measured of them.
    SafetyScorers(const store::Database& database, const std::vector<store::RunRow>& runs);

    /// Index of a stored scorer in `scorers()`; nullopt for a task's own scorer.
    std::optional<std::size_t> index(std::int64_t scorer) const;
    /// The last one stands for people.
    const std::vector<reports::data::SafetyScorer>& scorers() const { return scorers_; }
    std::size_t people() const { return scorers_.size() - 1; }
    /// What a reward model was trained on; everything is empty for other scorers.
    const RewardSource& training(std::size_t scorer) const { return training_.at(scorer); }

private:
    std::map<std::int64_t, std::size_t> index_;
    std::vector<reports::data::SafetyScorer> scorers_;
    std::vector<RewardSource> training_;
};

}  // namespace harness::results
