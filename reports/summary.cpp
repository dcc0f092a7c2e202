#include "reports/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "reports/plain_text.hpp"

namespace reports {
namespace {

constexpr std::size_t kNameColumns = 40;

const MetricValues* find_metric(const TaskView& task, const std::string& name) {
    const auto found = std::find_if(task.metrics.begin(), task.metrics.end(),
                                    [&name](const MetricValues& metric) { return metric.name == name; });
    return found == task.metrics.end() ? nullptr : &*found;
}

/// The task of `run` to hold against `wanted`: the same one, or else one of its name.
const TaskView* find_task(const RunView& run, const TaskView& wanted) {
    const TaskView* named = nullptr;
    for (const TaskView& task : run.tasks) {
        if (same_task(task, wanted)) return &task;
        if (task.task == wanted.task) named = &task;
    }
    return named;
}

/// Scores of two tasks side by side: one place for each document that either has, in order of documents.
std::pair<ItemValues, ItemValues> aligned(const TaskView& a, const ItemValues& of_a, const TaskView& b,
                                          const ItemValues& of_b) {
    std::map<std::uint64_t, std::pair<std::optional<double>, std::optional<double>>> by_doc;
    for (std::size_t i = 0; i < std::min(a.docs.size(), of_a.size()); ++i) by_doc[a.docs[i]].first = of_a[i];
    for (std::size_t i = 0; i < std::min(b.docs.size(), of_b.size()); ++i) by_doc[b.docs[i]].second = of_b[i];
    std::pair<ItemValues, ItemValues> sides;
    for (const auto& [doc, both] : by_doc) {
        sides.first.push_back(both.first);
        sides.second.push_back(both.second);
    }
    return sides;
}

bool share_a_document(const TaskView& a, const TaskView& b) {
    const std::set<std::uint64_t> docs(a.docs.begin(), a.docs.end());
    return std::any_of(b.docs.begin(), b.docs.end(), [&docs](std::uint64_t doc) { return docs.contains(doc); });
}

std::string verdict_of(const Paired& paired, bool higher_is_better) {
    const Direction direction = direction_of(paired);
    if (direction == Direction::NotSeen) return "no difference seen";
    return (direction == Direction::Above) == higher_is_better ? "better" : "worse";
}

/// One later run against the first.
class RunComparison {
public:
    RunComparison(const RunView& base, const RunView& run, Comparison& result)
        : base_(base), run_(run), result_(result) {}

    void compare_tasks() {
        for (const TaskView& task : base_.tasks) {
            const TaskView* other = find_task(run_, task);
            if (other == nullptr) {
                leave_out(task.task, "", "only " + run_name(base_) + " has this task");
            } else if (!same_task(task, *other)) {
                leave_out(task.task, "", unlike(task, *other));
            } else {
                compare_metrics(task, *other);
            }
        }
        for (const TaskView& task : run_.tasks) {
            const TaskView* other = find_task(base_, task);
            if (other == nullptr) leave_out(task.task, "", "only " + run_name(run_) + " has this task");
        }
    }

private:
    void leave_out(const std::string& task, const std::string& metric, const std::string& reason) {
        result_.not_compared.push_back({&run_, task, metric, reason});
    }

    std::string unlike(const TaskView& a, const TaskView& b) const {
        std::string text;
        const auto add = [&](const char* what, const auto& of_a, const auto& of_b) {
            if (of_a != of_b) text += fmt::format("{}{} {} against {}", text.empty() ? "" : "; ", what, of_a, of_b);
        };
        add("version", a.version, b.version);
        add("profile", a.profile, b.profile);
        add("number of examples", a.fewshot, b.fewshot);
        return fmt::format("not the same task in {} and {}: {}", run_name(base_), run_name(run_), text);
    }

    void compare_metrics(const TaskView& base, const TaskView& task) {
        for (const MetricValues& metric : base.metrics) {
            const MetricValues* other = find_metric(task, metric.name);
            if (other == nullptr) {
                leave_out(task.task, metric.name, "only " + run_name(base_) + " has a value for this metric");
            } else {
                compare_values(base, metric, task, *other);
            }
        }
        for (const MetricValues& metric : task.metrics) {
            if (find_metric(base, metric.name) != nullptr) continue;
            leave_out(task.task, metric.name, "only " + run_name(run_) + " has a value for this metric");
        }
    }

    void compare_values(const TaskView& base, const MetricValues& of_base, const TaskView& task,
                        const MetricValues& of_task) {
        if (of_base.values.empty() || of_task.values.empty()) {
            leave_out(task.task, of_base.name,
                      "it is one number of all items together, with no score per item to pair");
            return;
        }
        const auto [a, b] = aligned(base, of_base.values, task, of_task.values);
        const std::optional<Paired> paired = compare_paired(a, b);
        if (!paired) {
            leave_out(task.task, of_base.name,
                      share_a_document(base, task) ? "no item has a score in both runs" : "the runs share no items");
            return;
        }
        result_.differences.push_back(
            {&base_, &run_, &task, &of_task, *paired, verdict_of(*paired, of_base.higher_is_better)});
        if (paired->only_scored_a + paired->only_scored_b == 0) return;
        leave_out(task.task, of_base.name,
                  fmt::format("{} items compared; {} scored only in {} and {} only in {} are left out", paired->items,
                              paired->only_scored_a, run_name(base_), paired->only_scored_b, run_name(run_)));
    }

    const RunView& base_;
    const RunView& run_;
    Comparison& result_;
};

}  // namespace

bool same_task(const TaskView& a, const TaskView& b) {
    return a.task == b.task && a.profile == b.profile && a.version == b.version && a.fewshot == b.fewshot;
}

std::string run_name(const RunView& run) {
    return fmt::format("{} (run {}{})", shortened(run.variant, kNameColumns), run.id,
                       run.complete ? "" : ", unfinished");
}

std::string task_details(const TaskView& task) {
    return fmt::format("{}{}version {}, {}-shot, {} item{}", task.profile, task.profile.empty() ? "" : ", ",
                       task.version, task.fewshot, task.items, task.items == 1 ? "" : "s");
}

SummaryRow summary_row(const RunView& run, const TaskView& task, const MetricValues& metric) {
    SummaryRow row{&run, &task, &metric, scored_items(metric.values), std::nullopt, std::nullopt};
    if (metric.values.empty()) row.scored = metric.scored.value_or(task.items - std::min(task.errors, task.items));
    if (row.scored == 0 || !std::isfinite(metric.value) || !std::isfinite(metric.standard_error)) return row;
    if (row.scored >= 2) row.standard_error = metric.standard_error;
    if (row.scored >= 2 || is_binary(metric.values)) {
        const bool exponential = metric.name.find("perplexity") != std::string::npos && metric.value > 0;
        row.ci95 = exponential ? exponential_interval95(metric.value, metric.standard_error)
                               : interval95(metric.value, metric.standard_error, metric.values);
    }
    return row;
}

std::vector<SummaryRow> summarise(const std::vector<RunView>& runs) {
    std::vector<std::pair<const TaskView*, std::string>> order;
    for (const RunView& run : runs) {
        for (const TaskView& task : run.tasks) {
            for (const MetricValues& metric : task.metrics) {
                const bool known = std::any_of(order.begin(), order.end(), [&](const auto& entry) {
                    return same_task(*entry.first, task) && entry.second == metric.name;
                });
                if (!known) order.emplace_back(&task, metric.name);
            }
        }
    }
    // Metrics of one task stay together even when a later run brought one of them.
    std::vector<std::pair<const TaskView*, std::string>> grouped;
    for (const auto& [first, name] : order) {
        const auto last = std::find_if(grouped.rbegin(), grouped.rend(), [&, &task = first](const auto& entry) {
            return same_task(*entry.first, *task);
        });
        grouped.insert(last == grouped.rend() ? grouped.end() : last.base(), {first, name});
    }
    std::vector<SummaryRow> rows;
    for (const auto& [wanted, name] : grouped) {
        for (const RunView& run : runs) {
            for (const TaskView& task : run.tasks) {
                const MetricValues* metric = same_task(*wanted, task) ? find_metric(task, name) : nullptr;
                if (metric != nullptr) rows.push_back(summary_row(run, task, *metric));
            }
        }
    }
    return rows;
}

Comparison compare(const std::vector<RunView>& runs) {
    Comparison result;
    for (std::size_t other = 1; other < runs.size(); ++other) {
        RunComparison(runs.front(), runs[other], result).compare_tasks();
    }
    // By task and metric as the first run has them, so that all runs of one metric stand together.
    const auto place = [&runs](const DifferenceRow& row) {
        const std::vector<TaskView>& tasks = runs.front().tasks;
        const auto task =
            std::find_if(tasks.begin(), tasks.end(), [&row](const TaskView& t) { return same_task(t, *row.task); });
        const auto metric = std::find_if(task->metrics.begin(), task->metrics.end(),
                                         [&row](const MetricValues& m) { return m.name == row.metric->name; });
        return std::pair(task - tasks.begin(), metric - task->metrics.begin());
    };
    std::stable_sort(result.differences.begin(), result.differences.end(),
                     [&place](const DifferenceRow& a, const DifferenceRow& b) { return place(a) < place(b); });
    return result;
}

}  // namespace reports
