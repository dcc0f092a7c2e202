#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "harness/store/rows.hpp"

namespace harness::results {

/// What another tool's log tells of a task.
struct ImportedTask {
    std::string kind;                        ///< of its requests: "choice", "generate", "rolling"
    std::vector<std::string> metrics;        ///< with their filters, counters among them
    const nlohmann::json& higher_is_better;  ///< by metric, without filter; what is not in it is better higher
    const nlohmann::json& generation;        ///< null: nothing is generated
};

/// Writes it into the row of the task. The definition becomes
/// {"import": "lm-eval", "kind": "choice", "metrics": [{"name", "higher_is_better"}], "generation": {...}}.
void describe(const ImportedTask& task, store::RunTaskRow& row);

}  // namespace harness::results
