#include "harness/results/group_numbers.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "harness/base/json.hpp"
#include "reports/sections/scores.hpp"
#include "reports/statistics/metric_interval.hpp"
#include "suites/catalog.hpp"

namespace harness::results {
namespace {

/// Whether the run's task has the group's settings: a group may set its own number of few-shot examples and sample.
bool is_as_wanted(const suites::Catalog& catalog, const suites::Task& wanted, const reports::data::TaskView& view) {
    if (view.profile != wanted.profile()) return false;
    const suites::Task* own = catalog.find(wanted.name());
    if (own == nullptr || own->definition() == wanted.definition()) return true;
    const nlohmann::json definition = base::json_or_null(wanted.definition());
    const auto sample = definition.find("sample");
    if (sample != definition.end() && (view.planned == 0 || view.planned > sample->get<std::uint64_t>())) return false;
    return view.fewshot == wanted.default_fewshot();
}

bool has_all(const suites::Catalog& catalog, const reports::data::RunView& run, const suites::Group& group) {
    const std::vector<suites::Task> tasks = catalog.select(group.name);
    return std::all_of(tasks.begin(), tasks.end(), [&](const suites::Task& task) {
        const reports::data::TaskView* view = reports::sections::task_named(run, task.name());
        return view != nullptr && is_as_wanted(catalog, task, *view);
    });
}

suites::Aggregate aggregate_of(const reports::data::MetricValues& values, std::size_t scored) {
    suites::Aggregate aggregate{values.value, values.standard_error, scored};
    if (const auto interval = reports::statistics::metric95(values, scored))
        aggregate.ci95 = suites::Range{interval->low, interval->high};
    return aggregate;
}

std::optional<suites::Aggregate> score_of(const reports::data::RunView& run, const std::string& task,
                                          const std::string& metric) {
    const reports::data::TaskView* view = reports::sections::task_named(run, task);
    if (view == nullptr) return std::nullopt;
    for (const reports::data::MetricValues& values : view->metrics) {
        if (values.name == metric && std::isfinite(values.value))
            return aggregate_of(values, reports::statistics::scored_items(*view, values));
    }
    return std::nullopt;
}

std::optional<reports::data::Interval> interval_of(const suites::GroupScore& score) {
    if (!score.ci95) return std::nullopt;
    return reports::data::Interval{score.ci95->low, score.ci95->high};
}

reports::data::GroupView view_of(const suites::Group& group, const suites::GroupScore& score,
                                 std::vector<std::string> tasks) {
    return {.group = group.name,
            .profile = group.profile,
            .mean_over = std::string(suites::to_string(group.weighting)),
            .value = score.value,
            .standard_error = score.standard_error,
            .ci95 = interval_of(score),
            .items = score.items,
            .missing = score.missing,
            .tasks = std::move(tasks)};
}

suites::Group group_of(const store::GroupRow& row) {
    suites::Group group{.name = row.name, .profile = row.profile, .description = "", .members = {}};
    for (const auto weighting : {suites::Weighting::Documents, suites::Weighting::Members, suites::Weighting::None}) {
        if (suites::to_string(weighting) == row.weighting) group.weighting = weighting;
    }
    for (const store::GroupMemberRow& member : row.members)
        group.members.push_back({.name = member.name, .metric = member.metric, .fewshot = {}, .sample = {}});
    return group;
}

/// Aggregates of groups, computed from stored rows only.
class StoredGroups {
public:
    StoredGroups(const reports::data::RunView& run, const std::vector<store::GroupRow>& rows) : run_(run) {
        for (const store::GroupRow& row : rows) groups_.emplace(row.name, group_of(row));
    }

    const std::map<std::string, suites::Group>& groups() const { return groups_; }

    std::optional<suites::GroupScore> score(const suites::Group& group) const {
        std::size_t steps = kMaxSteps;
        return score(group, steps);
    }

    /// The tasks of a group that the run has, those of groups inside it included.
    std::vector<std::string> tasks(const suites::Group& group) const {
        std::vector<std::string> names;
        std::size_t steps = kMaxSteps;
        add_tasks(group, steps, names);
        return names;
    }

private:
    static constexpr std::size_t kMaxSteps = 1000;  // nested groups; a damaged file may contain a cycle

    std::optional<suites::GroupScore> score(const suites::Group& group, std::size_t& steps) const {
        if (steps == 0) return std::nullopt;
        --steps;
        std::vector<std::string> missing;  // inside members that have a value in spite of it
        auto whole =
            suites::aggregate_group(group, [&](const suites::GroupMember& member) -> std::optional<suites::Aggregate> {
                const auto inner = groups_.find(member.name);
                if (inner == groups_.end()) return task_score(member);
                const auto score_inside = score(inner->second, steps);
                if (!score_inside) return std::nullopt;
                missing.insert(missing.end(), score_inside->missing.begin(), score_inside->missing.end());
                return suites::Aggregate{score_inside->value, score_inside->standard_error, score_inside->items,
                                         score_inside->ci95};
            });
        if (whole) whole->missing.insert(whole->missing.end(), missing.begin(), missing.end());
        return whole;
    }

    void add_tasks(const suites::Group& group, std::size_t& steps, std::vector<std::string>& names) const {
        if (steps == 0) return;
        --steps;
        for (const suites::GroupMember& member : group.members) {
            const auto inner = groups_.find(member.name);
            if (inner != groups_.end()) {
                add_tasks(inner->second, steps, names);
            } else if (reports::sections::task_named(run_, member.name) != nullptr &&
                       std::find(names.begin(), names.end(), member.name) == names.end()) {
                names.push_back(member.name);
            }
        }
    }

    std::optional<suites::Aggregate> task_score(const suites::GroupMember& member) const {
        const reports::data::TaskView* view = reports::sections::task_named(run_, member.name);
        if (view == nullptr || view->metrics.empty()) return std::nullopt;
        return score_of(run_, member.name, member.metric.empty() ? view->metrics.front().name : member.metric);
    }

    const reports::data::RunView& run_;
    std::map<std::string, suites::Group> groups_;
};

}  // namespace

std::vector<reports::data::GroupView> group_numbers(const reports::data::RunView& run, const suites::Catalog& catalog) {
    std::vector<reports::data::GroupView> found;
    for (const auto& [name, group] : catalog.groups()) {
        if (group.weighting == suites::Weighting::None) continue;
        const auto score = catalog.score(group, [&run](const suites::Task& task, const std::string& metric) {
            return score_of(run, task.name(), metric);
        });
        if (!score || !has_all(catalog, run, group)) continue;
        std::vector<std::string> tasks;
        for (const suites::Task& task : catalog.select(name)) tasks.push_back(task.name());
        found.push_back(view_of(group, *score, std::move(tasks)));
    }
    return found;
}

std::vector<reports::data::GroupView> stored_group_numbers(const reports::data::RunView& run,
                                                           const std::vector<store::GroupRow>& groups,
                                                           const suites::Catalog& catalog) {
    const StoredGroups stored(run, groups);
    std::vector<reports::data::GroupView> found;
    for (const auto& [name, group] : stored.groups()) {
        if (catalog.groups().contains(name) || group.weighting == suites::Weighting::None || group.profile.empty())
            continue;
        if (const auto score = stored.score(group)) found.push_back(view_of(group, *score, stored.tasks(group)));
    }
    return found;
}

}  // namespace harness::results
