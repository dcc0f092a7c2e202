#pragma once

#include <vector>

#include "harness/store/run_store.hpp"
#include "harness/study/build.hpp"
#include "harness/study/definition.hpp"

namespace harness::cli {

/// A definition whose runs are plan hashes, and what these runs answered.
struct StudySources {
    study::Definition definition;
    std::vector<study::SourcePrompt> prompts;
};

/// Finds the runs that a definition names, and their answers to its tasks: of every task that generates where it names
/// none. Prompts are the same where task, document and turns are. Throws UsageError for a run or task that is not
/// there, and for two references to one run.
StudySources study_sources(const store::RunStore& runs, study::Definition definition);

}  // namespace harness::cli
