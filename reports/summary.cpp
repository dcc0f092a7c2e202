#include "reports/summary.hpp"

#include <algorithm>
#include <map>

namespace reports {
namespace {

bool same_task(const TaskView& a, const TaskView& b) {
    return a.task == b.task && a.profile == b.profile && a.version == b.version && a.fewshot == b.fewshot;
}

const MetricValues* find_metric(const TaskView& task, const std::string& name) {
    const auto found = std::find_if(task.metrics.begin(), task.metrics.end(), [&name](const MetricValues& metric) { return metric.name == name; });
    return found == task.metrics.end() ? nullptr : &*found;
}

/// The values of `b` at the documents of `a`; none where b has no such document.
std::vector<std::optional<double>> aligned(const TaskView& a, const TaskView& b, const MetricValues& values) {
    std::map<std::uint64_t, std::optional<double>> by_doc;
    for (std::size_t i = 0; i < std::min(b.docs.size(), values.values.size()); ++i) by_doc[b.docs[i]] = values.values[i];
    std::vector<std::optional<double>> result;
    for (const std::uint64_t doc : a.docs) result.push_back(by_doc.contains(doc) ? by_doc[doc] : std::nullopt);
    return result;
}

std::string verdict_of(const Paired& paired, bool higher_is_better) {
    if (paired.ci95.low <= 0 && paired.ci95.high >= 0) return "no difference seen";
    return (paired.difference > 0) == higher_is_better ? "better" : "worse";
}

}  // namespace

std::vector<SummaryRow> summarise(const std::vector<RunView>& runs) {
    std::vector<std::pair<const TaskView*, std::string>> order;
    for (const RunView& run : runs) {
        for (const TaskView& task : run.tasks) {
            for (const MetricValues& metric : task.metrics) {
                const bool known = std::any_of(order.begin(), order.end(), [&](const auto& entry) { return same_task(*entry.first, task) && entry.second == metric.name; });
                if (!known) order.emplace_back(&task, metric.name);
            }
        }
    }
    std::vector<SummaryRow> rows;
    for (const auto& [wanted, name] : order) {
        for (const RunView& run : runs) {
            for (const TaskView& task : run.tasks) {
                const MetricValues* metric = same_task(*wanted, task) ? find_metric(task, name) : nullptr;
                if (metric != nullptr) rows.push_back({&run, &task, metric, interval95(metric->value, metric->standard_error, metric->values)});
            }
        }
    }
    return rows;
}

std::vector<DifferenceRow> differences(const std::vector<RunView>& runs) {
    std::vector<DifferenceRow> rows;
    if (runs.empty()) return rows;
    for (const TaskView& base : runs[0].tasks) {
        for (const MetricValues& metric : base.metrics) {
            for (std::size_t other = 1; other < runs.size(); ++other) {
                for (const TaskView& task : runs[other].tasks) {
                    const MetricValues* values = same_task(base, task) ? find_metric(task, metric.name) : nullptr;
                    if (values == nullptr) continue;
                    const auto paired = compare_paired(metric.values, aligned(base, task, *values));
                    if (paired) rows.push_back({runs.data(), &runs[other], &task, values, *paired, verdict_of(*paired, metric.higher_is_better)});
                }
            }
        }
    }
    return rows;
}

}  // namespace reports
