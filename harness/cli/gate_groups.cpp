#include "harness/cli/gate_groups.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/base/usage_error.hpp"
#include "harness/results/group_numbers.hpp"
#include "reports/gate/judge.hpp"
#include "reports/sections/scores.hpp"
#include "suites/suggestion.hpp"

namespace harness::cli {
namespace {

using reports::data::GateRule;
using reports::data::RunView;

/// A group with the names of its tasks.
struct TasksOfGroup {
    const suites::Group* group = nullptr;
    std::vector<std::string> tasks;
};

TasksOfGroup tasks_of_group(const suites::Catalog& catalog, const suites::Group& group) {
    TasksOfGroup found{.group = &group, .tasks = {}};
    for (const suites::Task& task : catalog.select(group.name)) found.tasks.push_back(task.name());
    return found;
}

/// Whether the tasks are parts of one data set: their names begin alike, and not only with the name of a profile.
bool is_one_data_set(const std::vector<std::string>& tasks) {
    const auto [first, last] = std::minmax_element(tasks.begin(), tasks.end());
    const auto common = static_cast<std::size_t>(
        std::mismatch(first->begin(), first->end(), last->begin(), last->end()).first - first->begin());
    std::string prefix = first->substr(0, common);
    prefix = prefix.substr(0, prefix.find_last_of('_') + 1);
    return tasks.size() > 1 && !prefix.empty() && prefix != "paper_" && prefix != "demo_";
}

/// Groups of one data set whose tasks the run has all, the largest first.
std::vector<TasksOfGroup> groups_of(const RunView& run, const suites::Catalog& catalog) {
    std::vector<TasksOfGroup> found;
    for (const reports::data::GroupView& view : results::group_numbers(run, catalog)) {
        const auto group = catalog.groups().find(view.group);
        if (group == catalog.groups().end()) continue;
        TasksOfGroup tasks = tasks_of_group(catalog, group->second);
        if (is_one_data_set(tasks.tasks)) found.push_back(std::move(tasks));
    }
    // Of two groups with the same tasks the one with a mean over documents, as their own papers print it.
    std::stable_sort(found.begin(), found.end(), [](const TasksOfGroup& a, const TasksOfGroup& b) {
        if (a.tasks.size() != b.tasks.size()) return a.tasks.size() > b.tasks.size();
        return a.group->weighting == suites::Weighting::Documents && b.group->weighting != suites::Weighting::Documents;
    });
    return found;
}

/// The tasks that a name stands for: itself, or a group's.
class NameResolver {
public:
    NameResolver(const RunView& baseline, const suites::Catalog& catalog) : baseline_(baseline), catalog_(catalog) {}

    const suites::Group* group(const std::string& name) const {
        if (reports::sections::task_named(baseline_, name) != nullptr) return nullptr;
        const auto found = catalog_.groups().find(name);
        return found == catalog_.groups().end() ? nullptr : &found->second;
    }

    std::vector<std::string> tasks(const std::string& name, const std::string& place) const {
        if (const suites::Group* found = group(name)) return tasks_of_group(catalog_, *found).tasks;
        if (reports::sections::task_named(baseline_, name) != nullptr || catalog_.find(name) != nullptr) return {name};
        std::set<std::string> known;
        for (const reports::data::TaskView& task : baseline_.tasks) known.insert(task.task);
        for (const auto& [other, definition] : catalog_.groups()) known.insert(other);
        const std::string hint = suites::did_you_mean(name, known);
        if (!hint.empty())
            throw base::UsageError(fmt::format("{}: the baseline has no task and no group '{}'{}", place, name, hint));
        return {name};  // a task of the user's own, which the run may have
    }

private:
    const RunView& baseline_;
    const suites::Catalog& catalog_;
};

/// A suite that names a group has the group's way to average.
void become_group(const suites::Group& group, const NameResolver& names, const std::string& place, GateRule& rule) {
    rule.tasks = names.tasks(rule.suite, place);
    const bool has_groups = std::any_of(group.members.begin(), group.members.end(),
                                        [&](const auto& member) { return names.group(member.name) != nullptr; });
    if (group.weighting == suites::Weighting::Members && has_groups)
        throw base::UsageError(
            fmt::format("{}: group '{}' is a mean of groups; name them as suites of their own", place, group.name));
    rule.members_weigh_alike = rule.members_weigh_alike || group.weighting == suites::Weighting::Members;
    if (!rule.metric.empty()) return;
    std::set<std::string> metrics;
    for (const suites::GroupMember& member : group.members) metrics.insert(member.metric);
    if (metrics.size() > 1)
        throw base::UsageError(fmt::format(
            "{}: the tasks of group '{}' have different metrics; name them as suites of their own", place, group.name));
    if (!metrics.empty()) rule.metric = *metrics.begin();
}

void check_metric(const GateRule& rule, const RunView& baseline, const std::string& place) {
    if (rule.metric.empty() || !rule.scorer.empty() || rule.metric.find(" by ") != std::string::npos) return;
    std::set<std::string> known;
    for (const std::string& name : rule.tasks.empty() ? std::vector<std::string>{rule.suite} : rule.tasks) {
        const reports::data::TaskView* task = reports::sections::task_named(baseline, name);
        if (task == nullptr || reports::sections::find_metric(*task, rule.metric) != nullptr) return;
        for (const reports::data::MetricValues& metric : task->metrics) known.insert(metric.name);
    }
    throw base::UsageError(fmt::format("{}: the baseline has no metric '{}' of this suite{}", place, rule.metric,
                                       suites::suggestion(rule.metric, known)));
}

}  // namespace

std::vector<GateRule> default_rules(const RunView& run, const suites::Catalog& catalog) {
    std::vector<GateRule> rules;
    std::set<std::string> covered;
    for (const TasksOfGroup& group : groups_of(run, catalog)) {
        const bool is_free = std::none_of(group.tasks.begin(), group.tasks.end(),
                                          [&](const std::string& task) { return covered.contains(task); });
        if (!is_free) continue;
        covered.insert(group.tasks.begin(), group.tasks.end());
        GateRule rule{.suite = group.group->name, .tasks = group.tasks};
        rule.members_weigh_alike = group.group->weighting == suites::Weighting::Members;
        rules.push_back(std::move(rule));
    }
    for (GateRule& rule : reports::gate::rules_for(run)) {
        if (!covered.contains(rule.suite)) rules.push_back(std::move(rule));
    }
    return rules;
}

void resolve_names(std::vector<GateRule>& rules, const RunView& baseline, const suites::Catalog& catalog,
                   const std::string& path) {
    const NameResolver names(baseline, catalog);
    for (GateRule& rule : rules) {
        const std::string place = fmt::format("{}: suite '{}'", path, rule.suite);
        if (rule.kind == reports::data::RuleKind::Ratings) continue;
        std::vector<std::string> tasks;
        for (const std::string& name : rule.tasks) {
            for (std::string& task : names.tasks(name, place)) tasks.push_back(std::move(task));
        }
        rule.tasks = std::move(tasks);
        if (rule.kind == reports::data::RuleKind::Safety) continue;
        if (rule.tasks.empty()) {
            const suites::Group* group = names.group(rule.suite);
            if (group != nullptr) become_group(*group, names, place, rule);
            if (group == nullptr) names.tasks(rule.suite, place);  // to complain of a wrong one
        }
        check_metric(rule, baseline, place);
    }
}

}  // namespace harness::cli
