// Renders a report as JSON.

#include <cmath>
#include <nlohmann/json.hpp>

#include "reports/formats/json_parts.hpp"
#include "reports/formats/render.hpp"
#include "reports/sections/comparison.hpp"
#include "reports/sections/scores.hpp"
#include "reports/sections/settings.hpp"

namespace reports::formats {
namespace {

using nlohmann::json;

/// As an object: names are unique.
json settings_json(const data::Settings& settings) {
    json object = json::object();
    for (const data::Setting& setting : settings) object[setting.name] = setting.value;
    return object;
}

json errors_json(const std::vector<data::ErrorView>& errors) {
    json rows = json::array();
    for (const data::ErrorView& error : errors)
        rows.push_back({{"error", error.reason}, {"items", error.items}, {"first_doc", error.first_doc}});
    return rows;
}

json task_json(const data::RunView& run, const data::TaskView& task) {
    json metrics = json::array();
    for (const data::MetricValues& metric : task.metrics) {
        const sections::ScoreRow row = sections::score_row(run, task, metric);
        metrics.push_back({{"name", metric.name},
                           {"value", number_json(metric.value)},
                           {"stderr", number_json(row.standard_error)},
                           {"ci95", interval_json(row.ci95)}});
    }
    json counters = json::object();
    for (const data::CounterView& counter : task.counters) counters[counter.name] = counter.items;
    json object = {{"task", task.task},
                   {"profile", task.profile},
                   {"version", task.version},
                   {"fewshot", task.fewshot},
                   {"settings", settings_json(task.settings)},
                   {"items", task.items},
                   {"planned", task.planned},
                   {"errors", task.errors},
                   {"error_reasons", errors_json(task.reasons)},
                   {"metrics", std::move(metrics)},
                   {"counters", std::move(counters)}};
    if (task.clusters.matter()) object["clusters"] = {{"by", task.clusters.by}, {"count", task.clusters.count}};
    return object;
}

json group_json(const data::GroupView& group) {
    return {{"group", group.group},
            {"profile", group.profile},
            {"mean_over", group.mean_over},
            {"items", group.items},
            {"value", number_json(group.value)},
            {"stderr", number_json(group.standard_error)},
            {"ci95", interval_json(group.ci95)},
            {"missing", group.missing}};
}

json licence_json(const data::LicenceView& licence) {
    return licence.name.empty() ? json(nullptr) : json{{"name", licence.name}, {"basis", licence.basis}};
}

json run_json(const data::RunView& run) {
    json tasks = json::array();
    for (const data::TaskView& task : run.tasks) tasks.push_back(task_json(run, task));
    json groups = json::array();
    for (const data::GroupView& group : run.groups) groups.push_back(group_json(group));
    return {{"run", run.id},
            {"model", run.variant},
            {"fingerprint", run.fingerprint},
            {"licence", licence_json(run.licence)},
            {"created", run.created},
            {"complete", run.complete},
            {"settings", settings_json(run.settings)},
            {"warnings", run.warnings},
            {"tasks", std::move(tasks)},
            {"groups", std::move(groups)}};
}

json difference_json(const sections::DifferenceRow& row) {
    const statistics::Paired& paired = row.paired;
    const bool counted = paired.mcnemar_p.has_value();
    json object = {{"task", row.task->task},
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
                   {"verdict", sections::to_string(row.verdict)}};
    if (paired.clusters > 0) object["clusters"] = {{"by", row.task->clusters.by}, {"count", paired.clusters}};
    return object;
}

/// ASCII, so that no control or direction character of a name reaches a terminal.
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
                        {"ci95", interval_json(row.ci95)},
                        {"published", row.expected()},
                        {"printed", number.value},
                        {"model", number.model},
                        {"profile", number.profile},
                        {"shots", number.fewshot ? json(*number.fewshot) : json(nullptr)},
                        {"difference", compared ? json(row.difference()) : json(nullptr)},
                        {"inside", compared && row.ci95 ? json(row.inside()) : json(nullptr)},
                        {"not_compared", compared ? json(nullptr) : json(row.not_compared)},
                        {"source", number.source},
                        {"table", number.table},
                        {"remark", number.remark}});
    }
    return rows;
}

/// Counts and log-probability differences of two runs, without the items.
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

json number_json(const std::optional<double>& value) {
    return value && std::isfinite(*value) ? json(*value) : json(nullptr);
}

json interval_json(const std::optional<data::Interval>& interval) {
    return interval ? json{number_json(interval->low), number_json(interval->high)} : json(nullptr);
}

json text_or_null(const std::string& text) {
    return text.empty() ? json(nullptr) : json(text);
}

json setting_differences_json(const std::vector<data::RunView>& runs) {
    json rows = json::array();
    for (const sections::SettingDifference& difference : sections::setting_differences(runs)) {
        json values = json::array();
        for (const auto& value : difference.values) values.push_back(value ? json(*value) : json(nullptr));
        rows.push_back(
            {{"task", text_or_null(difference.task)}, {"setting", difference.name}, {"values", std::move(values)}});
    }
    return rows;
}

std::string render_run_json(const data::Report& report) {
    json document = run_json(report.runs.front());
    if (report.published) document["published"] = published_json(*report.published);
    if (report.safety) document["safety"] = safety_json(report);
    return dump(document, -1);
}

std::string render_json(const data::Report& report) {
    const sections::Comparison comparison = sections::compare(report.runs);
    json document = {{"verdict", verdict_json(report, comparison)},
                     {"runs", json::array()},
                     {"settings_that_differ", setting_differences_json(report.runs)},
                     {"differences", json::array()},
                     {"not_compared", json::array()}};
    for (const data::RunView& run : report.runs) {
        document["runs"].push_back(run_json(run));
        document["runs"].back()["cost"] = cost_json(run);
        document["runs"].back()["command"] = text_or_null(run.reproduction.command);
        document["runs"].back()["command_remark"] = text_or_null(run.reproduction.remark);
    }
    for (const sections::DifferenceRow& row : comparison.differences)
        document["differences"].push_back(difference_json(row));
    for (const sections::NotCompared& row : comparison.not_compared) {
        document["not_compared"].push_back({{"task", row.task},
                                            {"metric", text_or_null(row.metric)},
                                            {"base", report.runs.front().id},
                                            {"run", row.run->id},
                                            {"reason", row.reason}});
    }
    document["breakdowns"] = breakdowns_json(report.runs, comparison);
    if (report.published) document["published"] = published_json(*report.published);
    if (report.safety) document["safety"] = safety_json(report);
    if (report.ladder) document["ladder"] = ladder_json(report);
    for (const data::Study& study : report.studies) document["ratings"].push_back(ratings_json(study));
    if (report.items) document["items"] = items_json(*report.items);
    if (report.terms) {
        document["terms"] = {
            {"notice", report.terms->notice}, {"rules", report.terms->rules}, {"runs", report.terms->runs}};
    }
    return dump(document, 2);
}

}  // namespace reports::formats
