#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/results/answer_rewards.hpp"
#include "harness/results/people_labels.hpp"
#include "harness/results/safety_scorers.hpp"
#include "harness/store/rows.hpp"
#include "reports/data/safety.hpp"

namespace harness::results {

/// Collects the scores of a run's safety prompts, item by item.
class SafetyScoreReader {
public:
    /// `scorers` must outlive it.
    explicit SafetyScoreReader(SafetyScorers& scorers) : scorers_(scorers) {}

    /// `people`: what people say of its answers.
    void add(const store::ItemRow& item, const PeopleScores& people);
    /// The scores of all items added so far, by scorer and measure; leaves the reader empty.
    std::vector<reports::data::SafetyScores> scores();
    /// The rewards of each prompt's answers.
    const std::vector<PromptRewards>& rewards() const { return rewards_; }

private:
    using Measure = reports::data::SafetyMeasure;

    /// Sums over the answers of one item.
    struct Mean {
        double sum = 0;
        double evidence = 0;
        double count = 0;
    };
    using Key = std::pair<std::size_t, Measure>;  // scorer, measure

    reports::data::SafetyScores& column(const Key& key);
    void add_score(const store::ItemRow& item, const store::ScoreRow& score, std::map<Key, Mean>& means);

    SafetyScorers& scorers_;
    std::map<Key, reports::data::SafetyScores> columns_;
    std::vector<PromptRewards> rewards_;
    std::size_t items_ = 0;
};

}  // namespace harness::results
