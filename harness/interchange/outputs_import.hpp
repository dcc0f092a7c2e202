#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/interchange/lm_eval_import.hpp"
#include "harness/run/options.hpp"
#include "suites/task.hpp"

namespace harness::interchange {

struct OutputsImport {
    std::vector<std::string> files;  ///< see parse_output_rows()
    /// What the run is listed as, and whose rows are read where a file has those of several models; empty: the model
    /// that the rows name, else the file's name.
    std::string model;
    std::vector<suites::Task> tasks;  ///< which the outputs may belong to
    /// The tasks were asked for: a row may belong to any of them. Else rows that name no task all belong to the one
    /// that knows most of them.
    bool asked = false;
    run::RunOptions options = {};  ///< where data is
};

/// How much of a task has outputs.
struct OutputsCoverage {
    std::string task;
    std::uint64_t documents = 0;  ///< of the task, or of the run that was exported
    std::uint64_t answered = 0;   ///< of them, errors that the file tells of included
};

struct ImportedOutputs {
    ImportedRun run;
    std::vector<OutputsCoverage> coverage;  ///< by task
    std::uint64_t unmatched = 0;            ///< rows that belong to no document
    std::vector<std::string> first_unmatched = {};
    std::uint64_t other_models = 0;  ///< rows of other models than the one asked for
};

/// Reads outputs as a run of the tasks that they belong to, graded as our own runs are. The same content under the same
/// name has the same plan hash. Throws InterchangeError with file, row and field, and suites::SuiteError for tasks
/// whose data is wrong.
ImportedOutputs read_outputs(const OutputsImport& request);

/// Whether outputs can be graded as a run of this task: it generates, asks for nothing else, and runs no programs.
bool takes_outputs(const suites::Task& task);

}  // namespace harness::interchange
