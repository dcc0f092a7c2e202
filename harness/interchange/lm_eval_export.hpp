#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/store/run_store.hpp"

namespace harness::interchange {

/// Takes the next part of a file, which is named without its folder. An empty part begins the file; if it was written
/// before, in place of that.
using WriteFile = std::function<void(const std::string& name, std::string_view part)>;

struct ExportedFile {
    std::string name;  ///< without the folder
    std::string content;
};

/// A run as the files that lm-evaluation-harness writes: `results_DATE.json` with the aggregates, and one
/// `samples_TASK_DATE.jsonl` per task with a row per document and filter. The same run always gives the same bytes: all
/// dates and durations are those of the epoch. Items with an error have no counterpart in these files; they are left
/// out of the samples but counted in `n-samples`. Filtered outputs are computed from the task's definition; for an
/// imported task they are the outputs themselves. Bytes of model output that are not UTF-8 become U+FFFD.
/// Returns the files' names; the file of a task is written before that of the next one, the results last.
std::vector<std::string> export_lm_eval(const store::RunStore& runs, const store::RunRow& run, const WriteFile& write);

/// The same in memory, for small runs: the results first.
std::vector<ExportedFile> export_lm_eval(const store::RunStore& runs, const store::RunRow& run);

}  // namespace harness::interchange
