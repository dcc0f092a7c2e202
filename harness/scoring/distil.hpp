#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "harness/scoring/scorer.hpp"
#include "harness/store/rows.hpp"
#include "reports/statistics/bootstrap_mean.hpp"
#include "suites/request.hpp"

namespace harness::store {
class Database;
}

namespace harness::scoring {

/// An answer given without a safety preprompt, and one to the same prompt with it.
struct PrepromptedAnswer {
    std::uint64_t doc = 0;
    std::vector<suites::Message> turns;  ///< without the preprompt
    std::string plain;
    std::string preprompted;
    double plain_reward = 0;  ///< of the answer to the prompt without the preprompt, for both
    double preprompted_reward = 0;
    bool plain_refuses = false;  ///< in full or in part
    bool preprompted_refuses = false;

    /// The preprompted answer replaces the other only where the reward model prefers it (Llama 2 paper, section 4.2.4).
    bool takes_preprompted() const { return preprompted_reward > plain_reward; }
};

/// Rewards and refusals of three sets of answers: plain, preprompted, distilled (of each pair the one that is taken).
/// Intervals: bootstrap over prompts.
struct DistilSummary {
    struct Answers {
        reports::statistics::BootstrapMean reward;
        double median_probability = 0;                ///< median of sigmoid(reward), the paper's scale
        reports::statistics::BootstrapMean refusals;  ///< share of answers that refuse in full or in part
    };
    std::size_t pairs = 0;
    Answers plain;
    Answers preprompted;
    Answers distilled;
    reports::statistics::BootstrapMean taken;            ///< share of prompts whose preprompted answer is taken
    reports::statistics::BootstrapMean reward_shift;     ///< distilled - plain
    reports::statistics::BootstrapMean refusal_shift;    ///< distilled - plain
    reports::statistics::BootstrapMean preprompt_shift;  ///< reward, preprompted - plain: without the choice
};

struct DistilledTask {
    std::string task;
    std::vector<PrepromptedAnswer> answers;  ///< both with a reward
    std::uint64_t without_reward = 0;        ///< pairs of answers of which one has none
};

/// `answers` is not empty.
DistilSummary summarise(const std::vector<PrepromptedAnswer>& answers);

/// Scores what of two runs has no reward yet (as rescore does), and pairs their answers by document and sample. Runs:
/// the same prompts without and with a safety preprompt. Throws UsageError where they share no task with written
/// answers, StoreError, and what the scorer throws.
std::vector<DistilledTask> distil(
    const store::Database& database, const store::RunRow& plain, const store::RunRow& preprompted, Scorer& reward,
    const std::function<void(const std::string&, std::uint64_t, std::uint64_t)>& on_progress);

}  // namespace harness::scoring
