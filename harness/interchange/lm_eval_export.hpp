#pragma once

#include <string>
#include <vector>

#include "harness/store/run_store.hpp"

namespace harness::interchange {

struct ExportedFile {
    std::string name;  ///< without folder
    std::string content;
};

/// A run in the files that lm-evaluation-harness writes: `results_DATE.json` with the aggregates, and one
/// `samples_TASK_DATE.jsonl` for each task with a row for each document and filter. The same run gives the same bytes:
/// every date and duration is that of the epoch. Items with an error have no counterpart there; they are left out of
/// the samples and counted in `n-samples`. What a filter takes out of an output comes of the task's definition; for a
/// task that was itself imported it is the output as it is. Bytes of model output that are not UTF-8 become U+FFFD.
std::vector<ExportedFile> export_lm_eval(const store::RunStore& runs, const store::RunRow& run);

}  // namespace harness::interchange
