#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "harness/store/rows.hpp"

namespace harness::results {

/// What another tool's log says about a task.
struct ImportedTask {
    std::string kind;                        ///< kind of its requests: "choice", "generate", "rolling"
    std::vector<std::string> metrics;        ///< with their filters; includes counters
    const nlohmann::json& higher_is_better;  ///< by metric, without filter; default for others: true
    const nlohmann::json& generation;        ///< null for tasks without generation
};

/// Stores `task` in `row`. The definition becomes {"import": "lm-eval", "kind": "choice", "metrics": [{"name",
/// "higher_is_better"}], "generation": {...}}.
void describe(const ImportedTask& task, store::RunTaskRow& row);

}  // namespace harness::results
