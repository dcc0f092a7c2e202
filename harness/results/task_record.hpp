#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/store/run_store.hpp"
#include "suites/task.hpp"

namespace harness::results {

/// A stored task as types of `suites`, whether it was run here or imported from another tool's log. Built from rows
/// only, so that a definition that today's parser refuses does not matter.
class TaskRecord {
public:
    /// Throws StoreError for a word that this build does not know.
    explicit TaskRecord(const store::RunTaskRow& row);

    suites::TaskKind kind() const { return kind_; }
    const std::vector<suites::MetricDefinition>& metrics() const { return metrics_; }
    /// Counters of problems other than wrong answers.
    const std::vector<suites::MetricDefinition>& counters() const { return counters_; }
    /// Generation settings under lm-evaluation-harness's names; null for other kinds.
    const nlohmann::json& generation() const { return generation_; }
    /// An item's outputs (`samples`) after a filter. Runs of schema 2 or earlier did not store this: their filters are
    /// applied again, and if the definition cannot be read, the first output is returned unfiltered.
    std::string filtered(const std::string& filter, const store::ItemRow& item,
                         const std::vector<std::string>& samples) const;

private:
    store::RunTaskRow row_;
    suites::TaskKind kind_ = suites::TaskKind::Choice;
    std::vector<suites::MetricDefinition> metrics_;
    std::vector<suites::MetricDefinition> counters_;
    nlohmann::json generation_;
};

}  // namespace harness::results
