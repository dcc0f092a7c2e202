#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "suites/embedded.hpp"
#include "suites/task.hpp"

namespace suites {
namespace {

const std::map<std::string, std::vector<std::string>, std::less<>> kGroups = {
    {"demo", {"demo_facts", "demo_sums", "demo_refusal", "demo_overrefusal"}},
};

}  // namespace

const std::vector<Task>& builtin_tasks() {
    static const std::vector<Task> kTasks = [] {
        std::vector<Task> tasks;
        for (const EmbeddedFile& file : embedded_files()) {
            if (file.name.ends_with(".json")) tasks.push_back(Task::from_json(nlohmann::json::parse(file.content), std::string(file.name)));
        }
        return tasks;
    }();
    return kTasks;
}

std::vector<Task> select_tasks(std::string_view comma_list) {
    std::vector<std::string> names;
    for (std::size_t at = 0; at <= comma_list.size();) {
        const std::size_t comma = std::min(comma_list.find(',', at), comma_list.size());
        const std::string name(comma_list.substr(at, comma - at));
        at = comma + 1;
        const auto group = kGroups.find(name);
        const std::vector<std::string> members = group == kGroups.end() ? std::vector{name} : group->second;
        for (const std::string& member : members) {
            if (std::find(names.begin(), names.end(), member) == names.end()) names.push_back(member);
        }
    }
    std::vector<Task> selected;
    const std::vector<Task>& tasks = builtin_tasks();
    for (const std::string& name : names) {
        const auto found = std::find_if(tasks.begin(), tasks.end(), [&name](const Task& task) { return task.name() == name; });
        if (found == tasks.end()) throw SuiteError(fmt::format("there is no task or group '{}'; 'bellwether suites list' shows all", name));
        selected.push_back(*found);
    }
    return selected;
}

}  // namespace suites
