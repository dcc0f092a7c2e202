#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/scoring/judge_model.hpp"
#include "harness/scoring/scorer.hpp"
#include "harness/store/rows.hpp"
#include "reports/statistics/pairwise.hpp"

namespace harness::store {
class Database;
}

namespace harness::scoring {

/// Two answers to one prompt.
struct AnswerPair {
    StoredAnswer a;
    StoredAnswer b;  ///< of the same conversation as a
};

/// What a judge says about a pair, for both orders. [0]: a shown first. Values are the preference for a.
using PairReplies = std::array<JudgeReply, 2>;

/// Asks about every pair in both orders. The judge's template is pairwise. Throws EngineError.
std::vector<PairReplies> judge_pairs(const JudgeModel& judge, std::span<const AnswerPair> pairs);

/// What was done to one task that two runs have.
struct ComparedTask {
    std::string task;
    std::uint64_t documents = 0;      ///< with answers of both runs to the same document
    std::uint64_t judged = 0;         ///< documents that this call judged
    std::uint64_t found = 0;          ///< documents that were judged before
    std::uint64_t without_value = 0;  ///< pairs of which the judge did not tell a preference in some order
    std::string first_reason = {};    ///< of the first of them
    std::vector<reports::statistics::JudgedPair> pairs;  ///< with a preference in both orders; `prompt` is the document
};

/// How to go through two runs. Nothing here changes a judgement.
struct CompareWork {
    std::size_t batch = 16;  ///< documents per transaction
    std::function<void(const std::string& task, std::uint64_t done, std::uint64_t total)> on_progress =
        [](const std::string&, std::uint64_t, std::uint64_t) {};
};

/// Judges the answers of two runs to the same documents of the same tasks, sample by sample, and stores each judgement:
/// only documents that this judge has not judged yet, one transaction per batch, so that a killed call goes on where it
/// was. Returns one entry per task with written answers that both runs have. Throws UsageError where they share none,
/// StoreError and EngineError.
std::vector<ComparedTask> compare_runs(const store::Database& database, const store::RunRow& a, const store::RunRow& b,
                                       const JudgeModel& judge, const CompareWork& work = {});

}  // namespace harness::scoring
