#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/language_model.hpp"
#include "harness/run/options.hpp"
#include "harness/store/run_store.hpp"
#include "suites/task.hpp"

namespace harness::run {

/// One task with its settings resolved and its documents rendered: the source of all values in prompts, store, exports
/// and the plan hash.
struct PlannedTask {
    suites::Task task;
    std::uint32_t fewshot = 0;  ///< few-shot examples in each prompt
    std::vector<suites::Item> items;
    suites::PreparedGrader grader;
};

/// The task with what `options` ask of its generations in place of its own. Throws SuiteError when data or task are
/// wrong.
PlannedTask plan_task(const suites::Task& task, const RunOptions& options);
/// The task as the store keeps it.
store::RunTaskRow task_row(const PlannedTask& planned);

/// What a run will ask of one model. The same plan is the same run: its hash finds what the store already holds.
struct Plan {
    RunOptions options;
    std::vector<PlannedTask> tasks;
    store::ModelRow model;
    store::RunRow run;                         ///< without id and dates
    std::vector<store::GroupRow> groups = {};  ///< groups named on the command line; not part of the plan hash

    /// The tasks as rows of the store, in the order of `tasks`.
    std::vector<store::RunTaskRow> task_rows() const;
};

/// Whether any prompt uses the chat format.
bool uses_chat(const std::vector<suites::Task>& tasks, const RunOptions& options);

/// Reads the data, renders every document and hashes the requests. `variant` is the display name, "demo:chat". Throws
/// SuiteError when data or tasks are invalid. Does not run the model.
Plan make_plan(const engine::ModelCard& card, const std::string& variant, const std::vector<suites::Task>& tasks,
               const RunOptions& options);

}  // namespace harness::run
