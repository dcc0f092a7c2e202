#include "harness/cli/show_plan.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/json.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/table_print.hpp"
#include "harness/results/settings.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;
using reports::sections::Column;

/// "seed 1234, temperature 0" for {"seed": 1234, "temperature": 0}.
std::string in_words(const json& settings) {
    if (!settings.is_object()) return "";
    std::string text;
    for (const auto& [name, value] : settings.items()) {
        text += (text.empty() ? "" : ", ") + name + " " + results::setting_text(value);
    }
    return text;
}

std::string metric_names(const store::RunTaskRow& task) {
    std::string names;
    for (const store::MetricRow& metric : task.metrics) {
        if (metric.kind == "metric") names += (names.empty() ? "" : ", ") + metric.name;
    }
    return names;
}

json task_json(const store::RunTaskRow& task, const std::string& system_prompt) {
    json metrics = json::array();
    for (const store::MetricRow& metric : task.metrics) {
        metrics.push_back({{"name", metric.name},
                           {"kind", metric.kind},
                           {"direction", metric.direction},
                           {"aggregation", metric.aggregation},
                           {"filter", metric.filter}});
    }
    return {{"task", task.task},
            {"version", task.version},
            {"profile", task.profile},
            {"kind", task.kind},
            {"fewshot", task.fewshot},
            {"documents", task.planned_items},
            {"selection", task.selection},
            {"generation", base::json_or_null(task.generation_json)},
            {"system_prompt", system_prompt},
            {"settings", base::json_or_null(task.settings_json)},
            {"metrics", std::move(metrics)}};
}

json group_json(const store::GroupRow& group) {
    json members = json::array();
    for (const store::GroupMemberRow& member : group.members) {
        json shown = {{"name", member.name}};
        if (!member.metric.empty()) shown["metric"] = member.metric;
        members.push_back(std::move(shown));
    }
    return {{"group", group.name},
            {"profile", group.profile},
            {"weighting", group.weighting},
            {"members", std::move(members)}};
}

json plan_json(const store::RunStore& runs, const store::RunRow& run) {
    json tasks = json::array();
    for (const store::RunTaskRow& task : runs.tasks(run.id))
        tasks.push_back(task_json(task, results::own_system_prompt(run, tasks.size())));
    json groups = json::array();
    for (const store::GroupRow& group : runs.groups(run.id)) groups.push_back(group_json(group));
    return {{"run", run.id},
            {"plan", run.plan_hash},
            {"model", run.variant},
            {"fingerprint", run.model_fingerprint},
            {"numerics", run.numerics},
            {"device", run.device},
            {"driver", run.driver},
            {"engine", run.engine_version},
            {"created", run.created},
            {"finished", run.finished},
            {"settings", base::json_or_null(run.settings_json)},
            {"warnings", base::json_or_null(run.warnings_json)},
            {"tasks", std::move(tasks)},
            {"groups", std::move(groups)}};
}

void print_head(const store::RunRow& run) {
    std::vector<Fact> facts = {
        {"plan", run.plan_hash},    {"fingerprint", run.model_fingerprint},
        {"numerics", run.numerics}, {"device", run.device},
        {"driver", run.driver},     {"engine", run.engine_version},
        {"created", run.created},   {"finished", run.finished.empty() ? "unfinished" : run.finished}};
    std::erase_if(facts, [](const Fact& fact) { return fact.value.empty(); });
    const json settings = base::json_or_null(run.settings_json);
    if (settings.is_object()) {
        for (const auto& [name, value] : settings.items()) {
            std::string text = results::setting_text(value);
            facts.push_back({name, text.empty() ? "none" : std::move(text)});
        }
    }
    const json warnings = base::json_or_null(run.warnings_json);
    if (warnings.is_array()) {
        for (const json& warning : warnings) {
            if (warning.is_string()) facts.push_back({"warning", warning.get<std::string>()});
        }
    }
    print_paragraph(fmt::format("run {}: {}", run.id, run.variant));
    constexpr std::size_t kColumn = 15;  // after the longest name, "cut_questions"
    print_facts(facts, kColumn);
}

}  // namespace

void show_plan(const store::RunStore& runs, const store::RunRow& run, PlanFormat format) {
    if (format == PlanFormat::Json) {
        print_json(plan_json(runs, run));
        return;
    }
    print_head(run);
    auto tasks = table_of({{"task", Column::Key},
                           {"version", Column::Number},
                           {"profile", Column::Key},
                           {"kind", Column::Key},
                           {"few-shot", Column::Number},
                           {"documents", Column::Number},
                           {"metrics", Column::Text},
                           {"settings", Column::Text}});
    for (const store::RunTaskRow& task : runs.tasks(run.id)) {
        std::string settings = in_words(base::json_or_null(task.settings_json));
        if (const std::string prompt = results::own_system_prompt(run, tasks.rows.size()); !prompt.empty())
            settings += fmt::format("{}system prompt \"{}\"", settings.empty() ? "" : ", ", prompt);
        tasks.rows.push_back({task.task, std::to_string(task.version), task.profile, task.kind,
                              std::to_string(task.fewshot), std::to_string(task.planned_items), metric_names(task),
                              std::move(settings)});
    }
    print("\n");
    print_table(tasks);
    auto groups = table_of(
        {{"group", Column::Key}, {"profile", Column::Key}, {"weighting", Column::Key}, {"members", Column::Text}});
    for (const store::GroupRow& group : runs.groups(run.id)) {
        std::string members;
        for (const store::GroupMemberRow& member : group.members)
            members += (members.empty() ? "" : ", ") + member.name;
        groups.rows.push_back({group.name, group.profile, group.weighting, members});
    }
    if (groups.rows.empty()) return;
    print("\n");
    print_table(groups);
}

}  // namespace harness::cli
