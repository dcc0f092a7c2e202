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
class RunStore;
}  // namespace harness::store

namespace harness::scoring {

/// RescoredTask::left_out of a task that RescoreWork::tasks does not name.
constexpr const char* kNotAskedFor = "not asked for";

/// What was done to one task of a run.
struct RescoredTask {
    std::string task;
    std::uint64_t items = 0;          ///< with answers: generated, without an error
    std::uint64_t scored = 0;         ///< items that this call gave scores
    std::uint64_t found = 0;          ///< items that had this scorer's scores before
    std::uint64_t without_value = 0;  ///< scores of this call that have no value
    std::string first_reason = {};    ///< of the first of them
    std::string left_out = {};        ///< why nothing of it was scored; empty: it was
};

struct RescoreProgress {
    std::string task;
    std::uint64_t items_done = 0;  ///< including those that had scores
    std::uint64_t items_total = 0;
};

/// How to go through a run. Nothing here changes a score.
struct RescoreWork {
    /// Tasks whose written answers are scored; empty: those of conversations and open requests. Tasks with reference
    /// answers (sums, questions of fact) are about being correct, which none of these scorers measures.
    std::vector<std::string> tasks = {};
    std::size_t batch_items = 64;                                                             ///< items per transaction
    std::function<void(const RescoreProgress&)> on_progress = [](const RescoreProgress&) {};  ///< after each batch
};

/// The tasks of a run in order, with why each is left out, before anything is scored. `asked`: RescoreWork::tasks.
std::vector<RescoredTask> planned_rescore(const store::RunStore& runs, const store::RunRow& run,
                                          const std::vector<std::string>& asked);

/// Gives the stored answers of a run the scorer's scores: only items that have none yet, one transaction per batch, so
/// that a killed call goes on where it was. One entry per task, in order. Throws StoreError, and what the scorer
/// throws.
std::vector<RescoredTask> rescore(const store::Database& database, const store::RunRow& run, Scorer& scorer,
                                  const RescoreWork& work = {});

}  // namespace harness::scoring
