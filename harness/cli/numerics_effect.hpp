#pragma once

#include <string>

#include "engine/language_model.hpp"
#include "harness/cli/exit_code.hpp"
#include "harness/run/options.hpp"

namespace harness::cli {

struct NumericsEffectOptions {
    std::string model;
    std::string tasks;    ///< names, separated by commas
    run::RunOptions run;  ///< data folder and limit
    engine::EngineOptions engine;
    bool json = false;
};

/// the effect of fast numerics on the scores of real tasks. Runs the tasks in exact and in fast numerics and prints
/// both scores, the items whose verdict changed, and how far apart the log-probabilities are. Stores nothing.
ExitCode print_numerics_effect(const NumericsEffectOptions& options);

}  // namespace harness::cli
