#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "harness/store/run_store.hpp"
#include "suites/task.hpp"

namespace harness::results {

/// What is known of a task in the store, whether this harness ran it or a log of another tool was read. A definition of
/// an imported task is
/// {"import": "lm-eval", "kind": "choice", "metrics": [{"name", "higher_is_better"}], "generation": {...}}.
class TaskRecord {
public:
    /// Throws suites::SuiteError when the definition cannot be read.
    explicit TaskRecord(const store::RunTaskRow& row);

    /// The definition of a task that was read from another tool's log.
    static std::string imported(const std::string& kind, const std::vector<std::string>& metrics,
                                const nlohmann::json& higher_is_better, const nlohmann::json& generation);

    suites::TaskKind kind() const { return kind_; }
    const std::vector<suites::MetricDefinition>& metrics() const { return metrics_; }
    /// What went wrong apart from wrong answers.
    const std::vector<suites::MetricDefinition>& counters() const { return counters_; }
    /// What is asked of a generation, as lm-evaluation-harness names it; null for other kinds.
    const nlohmann::json& generation() const { return generation_; }
    /// What a filter takes out of the samples of one document; the first sample as it is where the filter is not known.
    std::string filtered(const std::string& filter, const std::vector<std::string>& samples) const;

private:
    suites::TaskKind kind_ = suites::TaskKind::Choice;
    std::vector<suites::MetricDefinition> metrics_;
    std::vector<suites::MetricDefinition> counters_;
    std::optional<suites::Task> task_;  ///< none: imported
    nlohmann::json generation_;
};

}  // namespace harness::results
