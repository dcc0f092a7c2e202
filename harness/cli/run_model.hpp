#pragma once

#include <string>
#include <vector>

#include "harness/model/model_source.hpp"
#include "harness/run/execute.hpp"

namespace harness::cli {

/// What one model is asked, and how it is opened.
struct ModelRun {
    const std::vector<suites::Task>& tasks;
    const run::RunOptions& options;
    const engine::EngineOptions& engine;
    std::vector<store::GroupRow> groups = {};  ///< that were asked for
    std::string chat_format = {};              ///< a name, which wins over the one in `options`; empty: the model's own
    run::Shard shard = {};
    run::CodeGrader* code = nullptr;
};

/// Opens the model, executes the tasks with a progress bar on standard error, and closes it again.
/// Ctrl-C and SIGTERM end it after the running forward, or at once where programs run, with an EngineError (Stopped)
/// that says what is stored; a second one kills.
run::Outcome run_model(const model::ModelSource& source, const ModelRun& asked, store::RunStore& runs);

}  // namespace harness::cli
