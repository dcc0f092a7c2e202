#include "harness/results/imported_task.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/base/json.hpp"
#include "suites/grader.hpp"
#include "suites/metric.hpp"

namespace harness::results {
namespace {

using nlohmann::json;

bool is_counter(const std::string& name) {
    if (suites::is_counter(name)) return true;
    if (name == "forged_pass" || name == "touches_interpreter") return true;  // counters of the code grader
    const suites::Graders graders = suites::builtin_graders();
    for (const std::string& grader : graders.names()) {
        const std::vector<std::string>& counters = graders.find(grader)->counters;
        if (std::find(counters.begin(), counters.end(), name) != counters.end()) return true;
    }
    return false;
}

/// Looked up by name only: a log does not say how its tool aggregates scores.
store::MetricRow metric_row(const std::string& name, bool higher_is_better) {
    suites::MetricDefinition metric{.name = name};
    const suites::KnownMetric* known = suites::find_metric(name);
    if (known != nullptr && known->direction == suites::Direction::LowerIsBetter) {
        metric.aggregation = known->aggregation;
        metric.direction = known->direction;
    } else if (!higher_is_better) {
        metric.direction = suites::Direction::LowerIsBetter;
    }
    if (known != nullptr) metric.interval = known->interval;
    return {.name = name,
            .kind = is_counter(name) ? "counter" : "metric",
            .direction = std::string(suites::to_string(metric.direction)),
            .aggregation = std::string(suites::to_string(metric.aggregation)),
            .interval = std::string(suites::to_string(metric.interval)),
            .filter = std::string(metric.filter())};
}

}  // namespace

void describe(const ImportedTask& task, store::RunTaskRow& row) {
    json entries = json::array();
    row.metrics.clear();
    for (const std::string& name : task.metrics) {
        const auto told = task.higher_is_better.find(name.substr(0, name.find(',')));
        const bool higher = told == task.higher_is_better.end() || !told->is_boolean() || told->get<bool>();
        entries.push_back({{"name", name}, {"higher_is_better", higher}});
        row.metrics.push_back(metric_row(name, higher));
    }
    std::stable_partition(row.metrics.begin(), row.metrics.end(),
                          [](const store::MetricRow& metric) { return metric.kind == "metric"; });
    row.definition_json = base::json_text(
        {{"import", "lm-eval"}, {"kind", task.kind}, {"metrics", std::move(entries)}, {"generation", task.generation}});
    row.kind = task.kind;
    row.selection = "sample";
    row.generation_json = task.generation.is_null() ? "" : base::json_text(task.generation);
}

}  // namespace harness::results
