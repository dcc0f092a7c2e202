#include "reports/gate/evidence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "reports/gate/metric_pair.hpp"
#include "reports/gate/weighted.hpp"
#include "reports/sections/cells.hpp"
#include "reports/sections/pairing.hpp"
#include "reports/sections/scores.hpp"
#include "reports/statistics/clustered_mean.hpp"
#include "reports/statistics/interval.hpp"

namespace reports::gate {
namespace {

/// Adds a task's items to the evidence.
class Collector {
public:
    Collector(const data::GateRule& rule, Evidence& evidence) : rule_(rule), evidence_(evidence) {}

    void add(const data::TaskView& before, const data::TaskView& after) {
        const MetricPair metrics = metric_pair(before, after, rule_);
        if (metrics.before == nullptr || metrics.after == nullptr) return lacks_metric(before.task, metrics);
        if (metrics.before->scorer != metrics.after->scorer) {
            evidence_.not_comparable = scorers_differ(*metrics.before, *metrics.after);
            return;
        }
        evidence_.metric = metrics.before->name;
        evidence_.higher_is_better = is_higher_better(*metrics.before, rule_);
        evidence_.is_exponential = metrics.before->scale == data::Scale::Exponential;
        const sections::Pairing pairing = sections::pair_documents(before.docs, after.docs);
        if (!is_same_question(before, after, pairing)) return;
        if (!pairing.only_a.empty()) lacks_items(before, pairing.only_a);
        const std::size_t first = evidence_.differences.values.size();
        const data::Clusters& clusters = after.clusters.of.empty() ? before.clusters : after.clusters;
        const std::size_t offset = next_cluster_;
        next_cluster_ += clusters.count;
        for (const auto& [old_item, new_item] : pairing.pairs) {
            if (!add_pair(before, old_item, *metrics.before, new_item, *metrics.after)) continue;
            const std::size_t item = after.clusters.of.empty() ? old_item : new_item;
            evidence_.differences.cluster_of.push_back(clusters.of.empty() ? next_cluster_++
                                                                           : offset + clusters.of.at(item));
        }
        if (!clusters.of.empty()) share(clusters.by);
        if (rule_.members_weigh_alike)
            evidence_.differences.strata.push_back(evidence_.differences.values.size() - first);
    }

private:
    /// Tasks may share other things; then they are only called clusters.
    void share(const std::string& what) {
        evidence_.clustered_by = evidence_.clustered_by.empty() || evidence_.clustered_by == what ? what : "cluster";
    }

    void lacks_metric(const std::string& task, const MetricPair& metrics) {
        const bool in_baseline = metrics.before == nullptr;
        std::string& why = in_baseline || rule_.scorer.empty() ? evidence_.not_comparable : evidence_.incomplete;
        why = lacking_metric(task, rule_, in_baseline);
    }

    void lacks_items(const data::TaskView& task, const std::vector<std::size_t>& items) {
        evidence_.incomplete =
            fmt::format("the run lacks {} of {} (first: document {})", sections::counted(items.size(), "item"),
                        task.task, task.docs.numbers[items.front()]);
    }

    bool is_same_question(const data::TaskView& before, const data::TaskView& after, const sections::Pairing& pairing) {
        if (!sections::same_task(before, after)) {
            evidence_.not_comparable = fmt::format(
                "{} is not the same task in both: version, profile or number of few-shot "
                "examples differ",
                before.task);
        } else if (!pairing.only_a.empty() && !pairing.only_b.empty()) {
            evidence_.not_comparable =
                fmt::format("{} of {} in the baseline are no documents of the run (first: document {})",
                            sections::counted(pairing.only_a.size(), "document"), before.task,
                            before.docs.numbers[pairing.only_a.front()]);
        } else if (before.docs.asked.size() == before.docs.numbers.size() &&
                   after.docs.asked.size() == after.docs.numbers.size()) {
            std::uint64_t others = 0;
            std::uint64_t first = 0;
            for (const auto& [a, b] : pairing.pairs) {
                if (before.docs.asked[a] == after.docs.asked[b]) continue;
                if (others++ == 0) first = before.docs.numbers[a];
            }
            if (others > 0)
                evidence_.not_comparable = fmt::format(
                    "{} of {} were asked in other words or tokens (first: document {}); 'compare --items' shows "
                    "how",
                    sections::counted(others, "item"), before.task, first);
        }
        return evidence_.not_comparable.empty();
    }

    /// False where an item has no score.
    bool add_pair(const data::TaskView& task, std::size_t old_item, const data::MetricValues& old_metric,
                  std::size_t new_item, const data::MetricValues& new_metric) {
        const auto at = [](const data::MetricValues& metric, std::size_t index) {
            return index < metric.values.size() ? metric.values[index] : std::nullopt;
        };
        const std::optional<double> before = at(old_metric, old_item);
        const std::optional<double> after = at(new_metric, new_item);
        evidence_.lost += before && !after ? 1 : 0;
        if (!before || !after) return false;
        evidence_.before.push_back(*before);
        evidence_.after.push_back(*after);
        if (!old_metric.weights.empty()) evidence_.weights.push_back(old_metric.weights.at(old_item));
        evidence_.differences.values.push_back(evidence_.higher_is_better ? *after - *before : *before - *after);
        if (*before != *after)
            evidence_.flips.push_back(
                {.task = task.task, .doc = task.docs.numbers[old_item], .before = *before, .after = *after});
        return true;
    }

    const data::GateRule& rule_;
    Evidence& evidence_;
    std::size_t next_cluster_ = 0;
};

/// Leaves the clusters out where they make no difference.
void settle_clusters(Evidence& evidence) {
    std::vector<std::size_t>& cluster_of = evidence.differences.cluster_of;
    evidence.clusters = std::set<std::size_t>(cluster_of.begin(), cluster_of.end()).size();
    if (!evidence.clustered_by.empty() && evidence.clusters > 1 && evidence.clusters < cluster_of.size()) return;
    cluster_of.clear();
    evidence.clustered_by.clear();
    evidence.clusters = 0;
}

std::optional<statistics::ClusteredMean> mean_difference(const Evidence& evidence) {
    return statistics::clustered_mean(evidence.differences.values, evidence.differences.cluster_of);
}

}  // namespace

std::vector<std::string> tasks_of(const data::GateRule& rule) {
    return rule.tasks.empty() ? std::vector<std::string>{rule.suite} : rule.tasks;
}

Evidence collect(const data::RunView& baseline, const data::RunView& run, const data::GateRule& rule) {
    Evidence evidence;
    evidence.metric = rule.metric;
    Collector collector(rule, evidence);
    const std::vector<std::string> tasks = measured_tasks(baseline, run, rule);
    if (tasks.empty()) evidence.not_comparable = nothing_scored(rule);
    for (const std::string& name : tasks) {
        const data::TaskView* before = sections::task_named(baseline, name);
        const data::TaskView* after = sections::task_named(run, name);
        if (before == nullptr) {
            evidence.not_comparable = fmt::format("the baseline has no task {}", name);
        } else if (after == nullptr) {
            evidence.incomplete = fmt::format("the run has no task {}", name);
        } else {
            collector.add(*before, *after);
        }
    }
    settle_clusters(evidence);
    evidence.differences.is_binary = statistics::is_binary(evidence.before) && statistics::is_binary(evidence.after);
    if (rule.members_weigh_alike && rule.tasks.size() > 1) {
        std::erase(evidence.differences.strata, std::size_t{0});
    } else {
        evidence.differences.strata.clear();
    }
    if (rule.direction == data::GateDirection::Higher && evidence.is_exponential)
        evidence.not_comparable = fmt::format("of {} less is better; the policy says otherwise", evidence.metric);
    linearise(evidence);
    return evidence;
}

double margin_of(const data::GateRule& rule, const Evidence& evidence) {
    return rule.unit == data::MarginUnit::Score ? rule.margin : rule.margin * std::abs(value_before(evidence));
}

double value_before(const Evidence& evidence) {
    return evidence.value_before.value_or(mean(evidence.before));
}

double value_after(const Evidence& evidence) {
    return evidence.value_after.value_or(mean(evidence.after));
}

statistics::MarginTestKind test_of(const data::GateRule& rule, const Evidence& evidence) {
    switch (rule.test) {
        case data::GateTestChoice::McNemar:
            return evidence.clusters > 0 ? statistics::MarginTestKind::Signs : statistics::MarginTestKind::McNemar;
        case data::GateTestChoice::Unconditional: return statistics::MarginTestKind::Unconditional;
        case data::GateTestChoice::Score: return statistics::MarginTestKind::Score;
        case data::GateTestChoice::Mean: return statistics::MarginTestKind::Mean;
        case data::GateTestChoice::Auto: break;
    }
    return statistics::fitting_test(evidence.differences, margin_of(rule, evidence));
}

std::string cluster_words(const Evidence& evidence, statistics::MarginTestKind kind) {
    const bool counts = kind == statistics::MarginTestKind::Signs || kind == statistics::MarginTestKind::Mean;
    if (evidence.clusters == 0 || !counts) return "";
    return fmt::format(" by {} ({})", evidence.clustered_by, sections::counted(evidence.clusters, "cluster"));
}

double spread_of(const Evidence& evidence) {
    const std::vector<double>& values = evidence.differences.values;
    if (evidence.clusters == 0) return deviation(values);
    return mean_difference(evidence)->standard_error.value_or(0) * std::sqrt(static_cast<double>(values.size()));
}

double freedom_of(const Evidence& evidence) {
    if (evidence.clusters == 0) return static_cast<double>(evidence.differences.values.size()) - 1;
    return mean_difference(evidence)->degrees_of_freedom;
}

bool is_too_skewed(const Evidence& evidence) {
    const auto mean = mean_difference(evidence);
    return mean && std::abs(mean->skewness) > statistics::kTooSkewed;
}

double mean(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double deviation(const std::vector<double>& values) {
    const double centre = mean(values);
    double squares = 0;
    for (const double value : values) squares += (value - centre) * (value - centre);
    return std::sqrt(squares / static_cast<double>(values.size()));
}

}  // namespace reports::gate
