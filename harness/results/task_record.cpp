#include "harness/results/task_record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "harness/base/json.hpp"
#include "harness/results/documents.hpp"
#include "harness/results/generations.hpp"

namespace harness::results {
namespace {

using nlohmann::json;

template <class Value>
Value known(const std::optional<Value>& value, const store::RunTaskRow& row, const std::string& word) {
    if (value) return *value;
    throw store::StoreError(
        fmt::format("task {}: this build does not know '{}'; use a newer bellwether", row.task, word));
}

suites::MetricDefinition definition_of(const store::RunTaskRow& row, const store::MetricRow& metric) {
    return {.name = metric.name,
            .aggregation = known(suites::aggregation_from(metric.aggregation), row, metric.aggregation),
            .direction = known(suites::direction_from(metric.direction), row, metric.direction),
            .interval = known(suites::interval_from(metric.interval), row, metric.interval),
            .grader_version = metric.grader_version};
}

/// The task of a run stored before filtered answers were; nullopt if its definition cannot be read.
std::optional<suites::Task> old_task(const store::RunTaskRow& row) {
    // Graders that such definitions may name besides those of suites; they are never called.
    suites::Graders graders = suites::builtin_graders();
    for (const char* name : {"refusal", "compliance", "python"}) graders.add({.name = name});
    try {
        return suites::Task::from_json(base::json_or_null(row.definition_json), row.task, graders);
    } catch (const suites::SuiteError&) {
        return std::nullopt;
    }
}

}  // namespace

TaskRecord::TaskRecord(const store::RunTaskRow& row)
    : row_(row), kind_(known(suites::task_kind_from(row.kind), row, row.kind)) {
    for (const store::MetricRow& metric : row.metrics)
        (metric.kind == "counter" ? counters_ : metrics_).push_back(definition_of(row, metric));
    if (!row.generation_json.empty()) generation_ = base::json_or_null(row.generation_json);
}

std::string TaskRecord::filtered(const std::string& filter, const store::ItemRow& item,
                                 const std::vector<std::string>& samples) const {
    const auto stored = std::find_if(item.answers.begin(), item.answers.end(),
                                     [&filter](const store::AnswerRow& answer) { return answer.filter == filter; });
    if (stored != item.answers.end()) return stored->text;
    const bool is_ours = std::any_of(metrics_.begin(), metrics_.end(),
                                     [&filter](const auto& metric) { return metric.filter() == filter; });
    const std::optional<suites::Task> task = is_ours ? old_task(row_) : std::nullopt;
    if (task) return task->filtered(filter, samples);
    // A log has outputs as they were graded; ours are graded up to the stop string, but stored with it.
    return is_imported(row_) ? samples.front() : cut_at(samples.front(), stop_strings(row_));
}

}  // namespace harness::results
