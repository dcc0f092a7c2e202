#include "harness/cli/task_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/cli/task_catalog.hpp"
#include "suites/task.hpp"

namespace harness::cli {
namespace {

/// The built-in groups with the tasks in them, the largest first.
std::vector<std::pair<std::string, std::set<std::string>>> groups_by_size() {
    const suites::Catalog catalog = task_catalog();
    std::vector<std::pair<std::string, std::set<std::string>>> groups;
    for (const auto& [name, group] : catalog.groups()) {
        std::set<std::string> tasks;
        for (const suites::Task& task : catalog.select(name)) tasks.insert(task.name());
        groups.emplace_back(name, std::move(tasks));
    }
    std::stable_sort(groups.begin(), groups.end(),
                     [](const auto& a, const auto& b) { return a.second.size() > b.second.size(); });
    return groups;
}

}  // namespace

std::string in_few_words(const std::vector<std::string>& tasks) {
    constexpr std::size_t kMaxNames = 8;
    std::vector<std::string> names;
    std::set<std::string> left(tasks.begin(), tasks.end());
    if (tasks.size() > 1) {
        for (const auto& [group, members] : groups_by_size()) {
            if (members.size() < 2 || !std::includes(left.begin(), left.end(), members.begin(), members.end()))
                continue;
            names.push_back(fmt::format("{} ({} tasks)", group, members.size()));
            for (const std::string& member : members) left.erase(member);
        }
    }
    for (const std::string& task : tasks) {
        if (left.contains(task)) names.push_back(task);
    }
    std::string text = fmt::format(
        "{}",
        fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(kMaxNames, names.size())), ", "));
    if (names.size() > kMaxNames) text += fmt::format(" and {} more", names.size() - kMaxNames);
    return text;
}

}  // namespace harness::cli
