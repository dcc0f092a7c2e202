#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/interchange/outputs_rows.hpp"
#include "harness/run/plan.hpp"
#include "harness/store/rows.hpp"

namespace harness::interchange {

/// Which outputs belong to which document of a task.
class OutputsOfTask {
public:
    /// Both must outlive it.
    OutputsOfTask(const suites::Task& task, const run::RunOptions& options) : task_(task), options_(options) {}

    /// `documents` are the places of the documents that the row may belong to; it goes to the first that lacks its
    /// sample, and where it tells none to the first of those with the fewest. Throws InterchangeError when all have it.
    void add(const OutputRow& row, const std::vector<std::size_t>& documents);

    /// The task with its outputs graded, for `planned`, the task without them. Throws InterchangeError when prompts
    /// have unequal numbers of outputs, and suites::SuiteError.
    store::ImportedTask graded(const run::PlannedTask& planned) const;

    bool empty() const { return answers_.empty(); }
    const std::vector<const OutputRow*>& rows() const { return rows_; }

private:
    /// By sample; of an item with an error the one row that tells it.
    using Samples = std::map<std::uint32_t, const OutputRow*>;

    /// The number of outputs that each prompt has.
    std::uint32_t samples() const;
    static store::ItemRow item(const run::PlannedTask& planned, const suites::Item& item, const Samples& samples);

    const suites::Task& task_;
    const run::RunOptions& options_;
    std::map<std::size_t, Samples> answers_;  ///< by the document's place
    std::vector<const OutputRow*> rows_;
};

/// The settings that rows tell, as a JSON object. A setting with several values has a text that says so.
std::string common_settings(const std::vector<const OutputRow*>& rows);

}  // namespace harness::interchange
