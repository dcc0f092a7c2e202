#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/language_model.hpp"
#include "harness/run/plan.hpp"
#include "harness/run/shard.hpp"
#include "harness/store/run_store.hpp"
#include "suites/task.hpp"

namespace harness::run {

class CodeGrader;

struct Progress {
    std::string task;
    std::uint64_t items_done = 0;  ///< over the whole shard, those found in the store included
    std::uint64_t items_total = 0;
    std::uint64_t items_new = 0;  ///< computed by this call
};

/// How a plan is worked through. None of it changes an answer or a score.
struct Work {
    /// The items to ask. Every shard of a run is the same run, finished when all items are there.
    Shard shard = {};
    std::size_t batch_items = 0;                                                ///< per transaction; 0: chosen
    std::function<void(const Progress&)> on_progress = [](const Progress&) {};  ///< after each batch
};

/// Who answers and runs programs. All must outlive the call.
struct Workers {
    engine::LanguageModel& model;
    CodeGrader* code = nullptr;  ///< runs the programs of a batch side by side; nullptr: none are run
};

struct Outcome {
    std::int64_t run = 0;
    std::uint64_t items = 0;          ///< of the shard
    std::uint64_t missing_items = 0;  ///< of the whole run, that the store does not hold: those of other shards
    std::uint64_t computed_items = 0;
    std::uint64_t errors = 0;
    std::vector<std::string> not_judged = {};  ///< why items of the shard were not stored, one line each: ask again
    std::uint64_t tokens_asked = 0;            ///< of prompts and answers of the items computed by this call
    std::uint64_t tokens_computed = 0;         ///< that went through the network for them: shared prefixes once
};

/// Asks what the store does not hold yet, one transaction per batch, and marks the run finished when none of its items
/// is missing. A batch that is interrupted, also while its programs run, is not stored. After a kill, call it with the
/// same plan to continue. Throws StoreError, and EngineError (Device, Stopped).
Outcome execute(const Plan& plan, const Workers& workers, store::RunStore& store, const Work& work = {});

}  // namespace harness::run
