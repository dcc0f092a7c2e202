#include "harness/cli/task_names.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/cli/task_catalog.hpp"

namespace harness::cli {
namespace {

/// Collects the tasks below a group of `groups`; a name that is not a group is a task. `entered` stops cycles.
void add_tasks(const std::string& name, const std::map<std::string, const store::GroupRow*>& groups,
               std::set<std::string>& entered, std::set<std::string>& tasks) {
    const auto group = groups.find(name);
    if (group == groups.end()) {
        tasks.insert(name);
    } else if (entered.insert(name).second) {
        for (const store::GroupMemberRow& member : group->second->members)
            add_tasks(member.name, groups, entered, tasks);
    }
}

}  // namespace

TasksOfGroups groups_of(const store::RunStore& runs, const store::RunRow& run) {
    const std::vector<store::GroupRow> rows = runs.groups(run.id);
    std::map<std::string, const store::GroupRow*> by_name;
    for (const store::GroupRow& row : rows) by_name[row.name] = &row;
    TasksOfGroups groups;
    for (const store::GroupRow& row : rows) {
        std::set<std::string> entered;
        add_tasks(row.name, by_name, entered, groups[row.name]);
    }
    return groups;
}

TasksOfGroups builtin_groups() {
    const suites::Catalog catalog = task_catalog();
    TasksOfGroups groups;
    for (const auto& [name, group] : catalog.groups()) {
        for (const suites::Task& task : catalog.select(name)) groups[name].insert(task.name());
    }
    return groups;
}

std::string in_few_words(const std::vector<std::string>& tasks, const TasksOfGroups& groups) {
    constexpr std::size_t kMaxNames = 8;
    std::vector<std::pair<std::string, std::set<std::string>>> by_size(groups.begin(), groups.end());
    std::stable_sort(by_size.begin(), by_size.end(),
                     [](const auto& a, const auto& b) { return a.second.size() > b.second.size(); });
    std::set<std::string> left(tasks.begin(), tasks.end());
    std::vector<std::string> names;
    for (const auto& [group, members] : by_size) {
        if (members.size() < 2 || !std::includes(left.begin(), left.end(), members.begin(), members.end())) continue;
        names.push_back(fmt::format("{} ({} tasks)", group, members.size()));
        for (const std::string& member : members) left.erase(member);
    }
    for (const std::string& task : tasks) {
        if (left.contains(task)) names.push_back(task);
    }
    const std::size_t hidden = names.size() - std::min(kMaxNames, names.size());
    names.resize(names.size() - hidden);
    std::string text = fmt::format("{}", fmt::join(names, ", "));
    if (hidden > 0) text += fmt::format(" and {} more", hidden);
    return text;
}

}  // namespace harness::cli
