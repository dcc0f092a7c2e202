#pragma once

#include <string>
#include <vector>

#include "harness/interchange/lm_eval_results.hpp"
#include "harness/interchange/lm_eval_sample.hpp"

namespace harness::interchange {

struct LmEvalImport {
    /// Sample logs, `samples_TASK_DATE.jsonl` (or .jsonl.gz), of version 0.4.0 or later. A results file beside a log
    /// gives the model's name, the task's version, its number of few-shot examples, its filters, the direction of each
    /// metric, and the number of documents: with fewer in the log the run is unfinished.
    std::vector<std::string> files;
    std::string model;  ///< name of the run in lists; empty: the model in the results file, else "lm-eval import"
    std::string profile = {};  ///< empty: as in the results file of a Bellwether export, else "lmeval"
};

/// Arguments for `store::RunStore::import_run`.
struct ImportedRun {
    store::ModelRow model;  ///< the fingerprint is a hash of the logs' content
    store::RunRow plan;
    std::vector<store::ImportedTask> tasks;  ///< sorted by name
    std::size_t items = 0;
};

/// Reads the logs as one run. The same content under the same name gives the same plan hash in any order of the files.
/// Throws InterchangeError and suites::SuiteError with file and row.
ImportedRun read_lm_eval(const LmEvalImport& request);

}  // namespace harness::interchange
