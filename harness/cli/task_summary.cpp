#include "harness/cli/task_summary.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "suites/group.hpp"
#include "suites/task.hpp"

namespace harness::cli {

using nlohmann::json;

std::string split_of(const suites::Task& task) {
    const std::string file = task.data_files().front();
    return task.is_embedded() ? "" : file.substr(file.rfind('/') + 1, file.rfind('.') - file.rfind('/') - 1);
}

std::vector<std::string> metric_names(const suites::Task& task) {
    std::vector<std::string> names;
    for (const suites::MetricDefinition& metric : task.metrics()) names.push_back(metric.name);
    return names;
}

json summary(const suites::Task& task) {
    json metrics = json::array();
    for (const suites::MetricDefinition& metric : task.metrics()) {
        metrics.push_back({{"name", metric.name}, {"higher_is_better", metric.higher_is_better()}});
    }
    return {{"task", task.name()},
            {"version", task.version()},
            {"profile", task.profile()},
            {"kind", suites::to_string(task.kind())},
            {"fewshot", task.default_fewshot()},
            {"description", task.description()},
            {"metrics", std::move(metrics)},
            {"source", task.source()},
            {"licence", task.licence()},
            {"citation", task.citation()},
            {"split", split_of(task)},
            {"data", task.data_files()}};
}

json summary(const suites::Group& group) {
    json members = json::array();
    for (const suites::GroupMember& member : group.members) {
        json shown = member.settings();
        shown["name"] = member.name;
        if (!member.metric.empty()) shown["metric"] = member.metric;
        members.push_back(std::move(shown));
    }
    return {{"group", group.name},
            {"profile", group.profile},
            {"description", group.description},
            {"weighting", suites::to_string(group.weighting)},
            {"members", std::move(members)}};
}

}  // namespace harness::cli
