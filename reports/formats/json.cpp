// A comparison for other programs.

#include <cmath>
#include <nlohmann/json.hpp>

#include "reports/formats/render.hpp"
#include "reports/sections/summary.hpp"

namespace reports::formats {
namespace {

using nlohmann::json;

/// JSON has no NaN and no infinity.
json number_json(const std::optional<double>& value) {
    return value && std::isfinite(*value) ? json(*value) : json(nullptr);
}

json interval_json(const std::optional<statistics::Interval>& interval) {
    return interval ? json{number_json(interval->low), number_json(interval->high)} : json(nullptr);
}

json run_json(const data::RunView& run) {
    json tasks = json::array();
    for (const data::TaskView& task : run.tasks) {
        json metrics = json::array();
        for (const data::MetricValues& metric : task.metrics) {
            const sections::SummaryRow row = sections::summary_row(run, task, metric);
            metrics.push_back({{"name", metric.name},
                               {"value", number_json(metric.value)},
                               {"stderr", number_json(row.standard_error)},
                               {"ci95", interval_json(row.ci95)}});
        }
        json counters = json::object();
        for (const data::CounterView& counter : task.counters) counters[counter.name] = counter.items;
        tasks.push_back({{"task", task.task},
                         {"profile", task.profile},
                         {"fewshot", task.fewshot},
                         {"items", task.items},
                         {"planned", task.planned},
                         {"errors", task.errors},
                         {"metrics", std::move(metrics)},
                         {"counters", std::move(counters)}});
    }
    json groups = json::array();
    for (const data::GroupView& group : run.groups) {
        groups.push_back({{"group", group.group},
                          {"profile", group.profile},
                          {"mean_over", group.mean_over},
                          {"items", group.items},
                          {"value", number_json(group.value)},
                          {"stderr", number_json(group.standard_error)},
                          {"missing", group.missing}});
    }
    return {{"run", run.id},
            {"model", run.variant},
            {"complete", run.complete},
            {"tasks", std::move(tasks)},
            {"groups", std::move(groups)}};
}

json difference_json(const sections::DifferenceRow& row) {
    const statistics::Paired& paired = row.paired;
    const bool counted = paired.mcnemar_p.has_value();
    return {{"task", row.task->task},
            {"metric", row.metric->name},
            {"base", row.base->id},
            {"run", row.run->id},
            {"items", paired.items},
            {"difference", number_json(paired.difference)},
            {"stderr", number_json(paired.standard_error)},
            {"ci95", interval_json(paired.ci95)},
            {"mcnemar_p", number_json(paired.mcnemar_p)},
            {"only_base", counted ? json(paired.higher_a) : json(nullptr)},
            {"only_run", counted ? json(paired.higher_b) : json(nullptr)},
            {"minimum_detectable", number_json(paired.minimum_detectable)},
            {"verdict", row.verdict}};
}

/// ASCII, so that no control or direction character of a name reaches a terminal as it is.
std::string dump(const json& document, int indent) {
    return document.dump(indent, ' ', true, json::error_handler_t::replace);
}

json published_json(const data::Published& published) {
    json rows = json::array();
    for (const data::PublishedRow& row : published.rows) {
        const data::PublishedNumber& number = row.published;
        const bool compared = row.not_compared.empty();
        rows.push_back({{"run", row.run},
                        {"task", row.task},
                        {"metric", row.metric},
                        {"value", row.value},
                        {"ci95", {row.ci95.low, row.ci95.high}},
                        {"published", row.expected()},
                        {"printed", number.value},
                        {"model", number.model},
                        {"profile", number.profile},
                        {"shots", number.fewshot ? json(*number.fewshot) : json(nullptr)},
                        {"difference", compared ? json(row.difference()) : json(nullptr)},
                        {"inside", compared ? json(row.inside()) : json(nullptr)},
                        {"not_compared", compared ? json(nullptr) : json(row.not_compared)},
                        {"source", number.source},
                        {"table", number.table},
                        {"remark", number.remark}});
    }
    return rows;
}

/// How far the items of two runs are apart, without the items.
json items_json(const data::RunDifference& difference) {
    json rows = json::array();
    for (const data::TaskDifference& task : difference.tasks) {
        rows.push_back({{"task", task.task},
                        {"compared", task.compared},
                        {"other_verdicts", task.changed_verdicts()},
                        {"other_outputs", task.outputs()},
                        {"scored_requests", task.scored},
                        {"mean_logprob_difference", number_json(task.mean_logprob)},
                        {"largest_logprob_difference", number_json(task.largest_logprob)}});
    }
    return rows;
}

}  // namespace

std::string render_run_json(const data::Report& report) {
    json document = run_json(report.runs.front());
    if (report.published) document["published"] = published_json(*report.published);
    return dump(document, -1);
}

std::string render_json(const data::Report& report) {
    json document = {{"runs", json::array()}, {"differences", json::array()}, {"not_compared", json::array()}};
    for (const data::RunView& run : report.runs) document["runs"].push_back(run_json(run));
    const sections::Comparison comparison = sections::compare(report.runs);
    for (const sections::DifferenceRow& row : comparison.differences)
        document["differences"].push_back(difference_json(row));
    for (const sections::NotCompared& row : comparison.not_compared) {
        document["not_compared"].push_back({{"task", row.task},
                                            {"metric", row.metric.empty() ? json(nullptr) : json(row.metric)},
                                            {"base", report.runs.front().id},
                                            {"run", row.run->id},
                                            {"reason", row.reason}});
    }
    if (report.published) document["published"] = published_json(*report.published);
    if (report.items) document["items"] = items_json(*report.items);
    return dump(document, 2);
}

}  // namespace reports::formats
