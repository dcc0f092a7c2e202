#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "harness/scoring/scorer.hpp"
#include "harness/store/rows.hpp"

namespace harness::store {
class Database;
}

namespace harness::scoring {

/// What was done to one task of a run.
struct RescoredTask {
    std::string task;
    std::uint64_t items = 0;          ///< with answers: generated, without an error
    std::uint64_t scored = 0;         ///< items that this call gave scores
    std::uint64_t found = 0;          ///< items that had this scorer's scores before
    std::uint64_t without_value = 0;  ///< scores of this call that have no value
    std::string first_reason = {};    ///< of the first of them
    bool has_no_answers = false;      ///< its items are choices or log-likelihoods, which have no text to score
};

struct RescoreProgress {
    std::string task;
    std::uint64_t items_done = 0;  ///< including those that had scores
    std::uint64_t items_total = 0;
};

/// How to go through a run. Nothing here changes a score.
struct RescoreWork {
    std::size_t batch_items = 64;                                                             ///< items per transaction
    std::function<void(const RescoreProgress&)> on_progress = [](const RescoreProgress&) {};  ///< after each batch
};

/// Gives every stored answer of a run the scorer's scores: only items that have none yet, one transaction per batch, so
/// that a killed call goes on where it was. One entry per task, in order. Throws StoreError, and what the scorer
/// throws.
std::vector<RescoredTask> rescore(const store::Database& database, const store::RunRow& run, Scorer& scorer,
                                  const RescoreWork& work = {});

}  // namespace harness::scoring
