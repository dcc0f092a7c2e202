#include "reports/sections/suite.hpp"

#include <algorithm>
#include <cstddef>

#include "reports/sections/scores.hpp"

namespace reports::sections {
namespace {

/// Fewer tasks than this are shown as they are.
constexpr std::size_t kMinTasks = 3;

bool is_one_suite(const data::GroupView& group) {
    return group.mean_over == "documents" && group.tasks.size() >= kMinTasks;
}

bool holds(const data::GroupView& group, const std::string& task) {
    return std::find(group.tasks.begin(), group.tasks.end(), task) != group.tasks.end();
}

/// The largest suite that holds the task; nullptr: it is a suite of its own.
const data::GroupView* group_of(const data::RunView& run, const data::TaskView& task) {
    const data::GroupView* largest = nullptr;
    for (const data::GroupView& group : run.groups) {
        if (!is_one_suite(group) || !holds(group, task.task)) continue;
        if (largest == nullptr || group.tasks.size() > largest->tasks.size()) largest = &group;
    }
    return largest;
}

}  // namespace

std::vector<Suite> suites_of(const data::RunView& run) {
    std::vector<Suite> suites;
    for (const data::TaskView& task : run.tasks) {
        const data::GroupView* group = group_of(run, task);
        const auto found = std::find_if(suites.begin(), suites.end(), [group](const Suite& suite) {
            return group != nullptr && suite.group == group;
        });
        if (found != suites.end()) {
            found->tasks.push_back(&task);
        } else {
            suites.push_back({group == nullptr ? task.task : group->group, {&task}, group});
        }
    }
    return suites;
}

const data::MetricValues* headline_metric(const data::TaskView& task) {
    const data::MetricValues* first = nullptr;
    for (const data::MetricValues& metric : task.metrics) {
        if (metric.is_later) continue;
        if (!metric.values.empty()) return &metric;
        if (first == nullptr) first = &metric;
    }
    return first;
}

}  // namespace reports::sections
