#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/model/model_source.hpp"
#include "harness/run/execute.hpp"

namespace harness::cli {

/// Gives the store, which may create its file then.
using OpenRuns = std::function<store::RunStore&()>;

/// Computes items of a plan. `runs` is called when the plan is known to be right.
using Execute =
    std::function<run::Outcome(const run::Plan&, const run::Workers&, const OpenRuns& runs, const run::Work&)>;

/// Tasks for one model, and how to open it.
struct ModelRun {
    const std::vector<suites::Task>& tasks;
    const run::RunOptions& options;
    const engine::EngineOptions& engine;
    std::vector<store::GroupRow> groups = {};  ///< named on the command line
    std::string chat_format = {};              ///< name that overrides the format in `options`; empty: the model's own
    run::Shard shard = {};
    run::CodeGrader* code = nullptr;
    Execute execute = {};  ///< empty: run::execute, all items
};

/// Opens the model, executes the tasks with a progress bar on standard error, and closes the model. Ctrl-C and SIGTERM
/// stop it after the current forward pass, or at once while programs run, with an EngineError (Stopped) that says what
/// is stored; a second signal kills the process. `runs` is called when model and plan are known to be right.
run::Outcome run_model(const model::ModelSource& source, const ModelRun& asked, const OpenRuns& runs);

}  // namespace harness::cli
