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
    std::uint64_t items_done = 0;  ///< in the shard, including those found in the store
    std::uint64_t items_total = 0;
    std::uint64_t items_new = 0;  ///< computed by this call
};

/// How to execute a plan. Nothing here changes an answer or a score.
struct Work {
    /// The items to compute. All shards belong to the same run, which is finished when all items are stored.
    Shard shard = {};
    /// Whether to compute the item at `position` of the plan's task; empty: all of the shard.
    std::function<bool(std::size_t task, std::size_t position)> wanted = {};
    std::size_t batch_items = 0;                                                ///< items per transaction; 0: default
    std::function<void(const Progress&)> on_progress = [](const Progress&) {};  ///< after each batch
};

/// The model and the grader of programs. Both must outlive the call.
struct Workers {
    engine::LanguageModel& model;
    CodeGrader* code = nullptr;  ///< runs the programs of a batch in parallel; nullptr: programs are not run
};

struct Outcome {
    std::int64_t run = 0;
    std::uint64_t items = 0;          ///< of the shard
    std::uint64_t missing_items = 0;  ///< items of the whole run that the store lacks, including those of other shards
    std::uint64_t computed_items = 0;
    std::uint64_t errors = 0;
    std::vector<std::string> not_judged = {};  ///< why items were not stored, one line each; run again to retry them
    std::uint64_t tokens_asked = 0;            ///< tokens of prompts and answers of the items computed by this call
    std::uint64_t tokens_computed = 0;         ///< tokens that went through the network; shared prefixes count once
};

/// Computes the items that the store lacks, one transaction per batch, and marks the run finished when no item of it is
/// missing. An interrupted batch is not stored. After a kill, call it with the same plan to continue. Throws
/// StoreError, and EngineError (Device, Stopped).
Outcome execute(const Plan& plan, const Workers& workers, store::RunStore& store, const Work& work = {});

}  // namespace harness::run
