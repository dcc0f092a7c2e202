#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/store/run_store.hpp"
#include "suites/task.hpp"

namespace harness::results {

/// A stored task in the words of suites, whether this harness ran it or a log of another tool was read. Made of rows
/// alone: a definition that today's parser would refuse does not matter.
class TaskRecord {
public:
    /// Throws StoreError for a word that this build does not know.
    explicit TaskRecord(const store::RunTaskRow& row);

    suites::TaskKind kind() const { return kind_; }
    const std::vector<suites::MetricDefinition>& metrics() const { return metrics_; }
    /// What went wrong apart from wrong answers.
    const std::vector<suites::MetricDefinition>& counters() const { return counters_; }
    /// What is asked of a generation, as lm-evaluation-harness names it; null for other kinds.
    const nlohmann::json& generation() const { return generation_; }
    /// What a filter took out of an item's outputs (`samples`). Runs of schema 2 and before do not have it stored:
    /// their filters are applied again, and where the definition cannot be read it is the first output as it is.
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
