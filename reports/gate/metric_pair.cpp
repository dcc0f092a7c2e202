#include "reports/gate/metric_pair.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "reports/gate/evidence.hpp"
#include "reports/sections/scores.hpp"

namespace reports::gate {
namespace {

std::vector<const data::MetricValues*> candidates(const data::TaskView& task, const data::GateRule& rule) {
    std::vector<const data::MetricValues*> found;
    for (const data::MetricValues& metric : task.metrics) {
        if (metric.values.empty()) continue;
        const bool fits = rule.scorer.empty()
                              ? rule.metric.empty() || metric.name == rule.metric
                              : metric.scorer.option == rule.scorer && metric.scorer.measure == rule.metric;
        if (fits) found.push_back(&metric);
    }
    return found;
}

/// What --with takes.
std::string scorer_option(const data::GateRule& rule) {
    constexpr std::string_view kJudge = "judge:";
    return rule.scorer.starts_with(kJudge) ? "judge:MODEL --judge-template " + rule.scorer.substr(kJudge.size())
                                           : rule.scorer;
}

}  // namespace

const data::MetricValues* metric_of(const data::TaskView& task, const data::GateRule& rule) {
    const auto found = candidates(task, rule);
    return found.empty() ? nullptr : found.front();
}

MetricPair metric_pair(const data::TaskView& before, const data::TaskView& after, const data::GateRule& rule) {
    const auto old_ones = candidates(before, rule);
    const auto new_ones = candidates(after, rule);
    if (old_ones.empty() || new_ones.empty())
        return {old_ones.empty() ? nullptr : old_ones.front(), new_ones.empty() ? nullptr : new_ones.front()};
    if (rule.scorer.empty()) return {old_ones.front(), new_ones.front()};
    // The newest version comes last.
    for (auto old_one = old_ones.rbegin(); old_one != old_ones.rend(); ++old_one) {
        for (const data::MetricValues* new_one : new_ones) {
            if ((*old_one)->scorer == new_one->scorer) return {*old_one, new_one};
        }
    }
    return {old_ones.back(), new_ones.back()};
}

std::vector<std::string> measured_tasks(const data::RunView& baseline, const data::RunView& run,
                                        const data::GateRule& rule) {
    if (rule.kind != data::RuleKind::Safety) return tasks_of(rule);
    std::vector<std::string> asked = rule.tasks;
    if (asked.empty()) {
        for (const data::TaskView& task : baseline.tasks) asked.push_back(task.task);
    }
    std::vector<std::string> found;
    for (const std::string& name : asked) {
        const data::TaskView* before = sections::task_named(baseline, name);
        const data::TaskView* after = sections::task_named(run, name);
        const bool has_it = (before != nullptr && metric_of(*before, rule) != nullptr) ||
                            (after != nullptr && metric_of(*after, rule) != nullptr);
        const bool is_named_in_vain = !rule.tasks.empty() && before == nullptr;
        if (has_it || is_named_in_vain) found.push_back(name);
    }
    return found.empty() ? rule.tasks : found;
}

bool is_higher_better(const data::MetricValues& metric, const data::GateRule& rule) {
    if (rule.direction == data::GateDirection::AsMetric) return metric.higher_is_better;
    return rule.direction == data::GateDirection::Higher;
}

std::string lacking_metric(const std::string& task, const data::GateRule& rule, bool in_baseline) {
    const char* where = in_baseline ? "baseline" : "run";
    if (rule.scorer.empty())
        return fmt::format("{} has no {} with a score per item in the {}", task,
                           rule.metric.empty() ? "a metric" : rule.metric, where);
    const std::string help =
        rule.scorer == "task" ? ""
                              : fmt::format("; 'bellwether rescore RUN --with {}' scores a run's answers{}",
                                            scorer_option(rule), in_baseline ? ", then write the baseline again" : "");
    return fmt::format("{} has no {} by {} in the {}{}", task, rule.metric, rule.scorer, where, help);
}

std::string nothing_scored(const data::GateRule& rule) {
    return fmt::format(
        "no task of the two runs has {} by {}; 'bellwether rescore RUN --with {}' scores the answers of each run, then "
        "write the baseline again",
        rule.metric, rule.scorer, scorer_option(rule));
}

std::string scorers_differ(const data::MetricValues& before, const data::MetricValues& after) {
    return fmt::format("{} is of another scorer than in the baseline: {}, now {}", before.name, before.scorer.version,
                       after.scorer.version);
}

}  // namespace reports::gate
