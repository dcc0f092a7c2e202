#include "reports/sections/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "reports/text/plain_text.hpp"

namespace reports::sections {
namespace {

constexpr std::size_t kNameColumns = 40;

const data::MetricValues* find_metric(const data::TaskView& task, const std::string& name) {
    const auto found = std::find_if(task.metrics.begin(), task.metrics.end(),
                                    [&name](const data::MetricValues& metric) { return metric.name == name; });
    return found == task.metrics.end() ? nullptr : &*found;
}

/// The task of `run` to hold against `wanted`: the same one, or else one of its name.
const data::TaskView* find_task(const data::RunView& run, const data::TaskView& wanted) {
    const data::TaskView* named = nullptr;
    for (const data::TaskView& task : run.tasks) {
        if (same_task(task, wanted)) return &task;
        if (task.task == wanted.task) named = &task;
    }
    return named;
}

/// Scores of two tasks side by side: one place for each document that either has, in order of documents.
std::pair<statistics::ItemValues, statistics::ItemValues> aligned(const data::TaskView& a,
                                                                  const statistics::ItemValues& of_a,
                                                                  const data::TaskView& b,
                                                                  const statistics::ItemValues& of_b) {
    std::map<std::uint64_t, std::pair<std::optional<double>, std::optional<double>>> by_doc;
    for (std::size_t i = 0; i < std::min(a.docs.size(), of_a.size()); ++i) by_doc[a.docs[i]].first = of_a[i];
    for (std::size_t i = 0; i < std::min(b.docs.size(), of_b.size()); ++i) by_doc[b.docs[i]].second = of_b[i];
    std::pair<statistics::ItemValues, statistics::ItemValues> sides;
    for (const auto& [doc, both] : by_doc) {
        sides.first.push_back(both.first);
        sides.second.push_back(both.second);
    }
    return sides;
}

bool share_a_document(const data::TaskView& a, const data::TaskView& b) {
    const std::set<std::uint64_t> docs(a.docs.begin(), a.docs.end());
    return std::any_of(b.docs.begin(), b.docs.end(), [&docs](std::uint64_t doc) { return docs.contains(doc); });
}

std::string verdict_of(const statistics::Paired& paired, bool higher_is_better) {
    const statistics::Direction direction = statistics::direction_of(paired);
    if (direction == statistics::Direction::NotSeen) return "no difference seen";
    return (direction == statistics::Direction::Above) == higher_is_better ? "better" : "worse";
}

/// One later run against the first.
class RunComparison {
public:
    RunComparison(const data::RunView& base, const data::RunView& run, Comparison& result)
        : base_(base), run_(run), result_(result) {}

    void compare_tasks() {
        for (const data::TaskView& task : base_.tasks) {
            const data::TaskView* other = find_task(run_, task);
            if (other == nullptr) {
                leave_out(task.task, "", "only " + run_name(base_) + " has this task");
            } else if (!same_task(task, *other)) {
                leave_out(task.task, "", unlike(task, *other));
            } else {
                compare_metrics(task, *other);
            }
        }
        for (const data::TaskView& task : run_.tasks) {
            const data::TaskView* other = find_task(base_, task);
            if (other == nullptr) leave_out(task.task, "", "only " + run_name(run_) + " has this task");
        }
    }

private:
    void leave_out(const std::string& task, const std::string& metric, const std::string& reason) {
        result_.not_compared.push_back({&run_, task, metric, reason});
    }

    std::string unlike(const data::TaskView& a, const data::TaskView& b) const {
        std::string text;
        const auto add = [&](const char* what, const auto& of_a, const auto& of_b) {
            if (of_a != of_b) text += fmt::format("{}{} {} against {}", text.empty() ? "" : "; ", what, of_a, of_b);
        };
        add("version", a.version, b.version);
        add("profile", a.profile, b.profile);
        add("number of examples", a.fewshot, b.fewshot);
        return fmt::format("not the same task in {} and {}: {}", run_name(base_), run_name(run_), text);
    }

    void compare_metrics(const data::TaskView& base, const data::TaskView& task) {
        for (const data::MetricValues& metric : base.metrics) {
            const data::MetricValues* other = find_metric(task, metric.name);
            if (other == nullptr) {
                leave_out(task.task, metric.name, "only " + run_name(base_) + " has a value for this metric");
            } else {
                compare_values(base, metric, task, *other);
            }
        }
        for (const data::MetricValues& metric : task.metrics) {
            if (find_metric(base, metric.name) != nullptr) continue;
            leave_out(task.task, metric.name, "only " + run_name(run_) + " has a value for this metric");
        }
    }

    void compare_values(const data::TaskView& base, const data::MetricValues& of_base, const data::TaskView& task,
                        const data::MetricValues& of_task) {
        if (of_base.values.empty() || of_task.values.empty()) {
            leave_out(task.task, of_base.name,
                      "it is one number of all items together, with no score per item to pair");
            return;
        }
        const auto [a, b] = aligned(base, of_base.values, task, of_task.values);
        const std::optional<statistics::Paired> paired = statistics::compare_paired(a, b);
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

    const data::RunView& base_;
    const data::RunView& run_;
    Comparison& result_;
};

}  // namespace

bool same_task(const data::TaskView& a, const data::TaskView& b) {
    return a.task == b.task && a.profile == b.profile && a.version == b.version && a.fewshot == b.fewshot;
}

std::string run_name(const data::RunView& run) {
    return fmt::format("{} (run {}{})", text::shortened(run.variant, kNameColumns), run.id,
                       run.complete ? "" : ", unfinished");
}

std::string task_details(const data::TaskView& task) {
    return fmt::format("{}{}version {}, {}-shot, {} item{}", task.profile, task.profile.empty() ? "" : ", ",
                       task.version, task.fewshot, task.items, task.items == 1 ? "" : "s");
}

SummaryRow summary_row(const data::RunView& run, const data::TaskView& task, const data::MetricValues& metric) {
    SummaryRow row{&run, &task, &metric, statistics::scored_items(metric.values), std::nullopt, std::nullopt};
    if (metric.values.empty()) row.scored = metric.scored.value_or(task.items - std::min(task.errors, task.items));
    if (row.scored == 0 || !std::isfinite(metric.value) || !std::isfinite(metric.standard_error)) return row;
    if (row.scored >= 2) row.standard_error = metric.standard_error;
    if (row.scored >= 2 || statistics::is_binary(metric.values)) {
        const bool exponential = metric.name.find("perplexity") != std::string::npos && metric.value > 0;
        row.ci95 = exponential ? statistics::exponential_interval95(metric.value, metric.standard_error)
                               : statistics::interval95(metric.value, metric.standard_error, metric.values);
    }
    return row;
}

std::vector<SummaryRow> summarise(const std::vector<data::RunView>& runs) {
    std::vector<std::pair<const data::TaskView*, std::string>> order;
    for (const data::RunView& run : runs) {
        for (const data::TaskView& task : run.tasks) {
            for (const data::MetricValues& metric : task.metrics) {
                const bool known = std::any_of(order.begin(), order.end(), [&](const auto& entry) {
                    return same_task(*entry.first, task) && entry.second == metric.name;
                });
                if (!known) order.emplace_back(&task, metric.name);
            }
        }
    }
    // Metrics of one task stay together even when a later run brought one of them.
    std::vector<std::pair<const data::TaskView*, std::string>> grouped;
    for (const auto& [first, name] : order) {
        const auto last = std::find_if(grouped.rbegin(), grouped.rend(), [&, &task = first](const auto& entry) {
            return same_task(*entry.first, *task);
        });
        grouped.insert(last == grouped.rend() ? grouped.end() : last.base(), {first, name});
    }
    std::vector<SummaryRow> rows;
    for (const auto& [wanted, name] : grouped) {
        for (const data::RunView& run : runs) {
            for (const data::TaskView& task : run.tasks) {
                const data::MetricValues* metric = same_task(*wanted, task) ? find_metric(task, name) : nullptr;
                if (metric != nullptr) rows.push_back(summary_row(run, task, *metric));
            }
        }
    }
    return rows;
}

Comparison compare(const std::vector<data::RunView>& runs) {
    Comparison result;
    for (std::size_t other = 1; other < runs.size(); ++other) {
        RunComparison(runs.front(), runs[other], result).compare_tasks();
    }
    // By task and metric as the first run has them, so that all runs of one metric stand together.
    const auto place = [&runs](const DifferenceRow& row) {
        const std::vector<data::TaskView>& tasks = runs.front().tasks;
        const auto task = std::find_if(tasks.begin(), tasks.end(),
                                       [&row](const data::TaskView& t) { return same_task(t, *row.task); });
        const auto metric = std::find_if(task->metrics.begin(), task->metrics.end(),
                                         [&row](const data::MetricValues& m) { return m.name == row.metric->name; });
        return std::pair(task - tasks.begin(), metric - task->metrics.begin());
    };
    std::stable_sort(result.differences.begin(), result.differences.end(),
                     [&place](const DifferenceRow& a, const DifferenceRow& b) { return place(a) < place(b); });
    return result;
}

}  // namespace reports::sections
