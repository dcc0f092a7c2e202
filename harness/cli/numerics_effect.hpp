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

/// `bench MODEL --task NAMES`: what fast numerics do to the scores of real tasks. Runs the tasks in exact and in fast
/// numerics and prints both scores, the items with another verdict, and how far the log-probabilities are apart.
/// Nothing is stored.
ExitCode print_numerics_effect(const NumericsEffectOptions& options);

}  // namespace harness::cli
