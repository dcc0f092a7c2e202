#include "reports/sections/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/sections/cells.hpp"
#include "reports/sections/pairing.hpp"
#include "reports/sections/scores.hpp"
#include "reports/statistics/interval.hpp"

namespace reports::sections {
namespace {

/// The task of `run` to compare with `wanted`: the same task, or else one of the same name.
const data::TaskView* find_task(const data::RunView& run, const data::TaskView& wanted) {
    const data::TaskView* named = nullptr;
    for (const data::TaskView& task : run.tasks) {
        if (same_task(task, wanted)) return &task;
        if (task.task == wanted.task) named = &task;
    }
    return named;
}

/// Scores of the paired documents side by side.
std::pair<data::ItemValues, data::ItemValues> aligned(const Pairing& pairing, const data::ItemValues& a,
                                                      const data::ItemValues& b) {
    const auto at = [](const data::ItemValues& values, std::size_t index) {
        return index < values.size() ? values[index] : std::nullopt;
    };
    std::pair<data::ItemValues, data::ItemValues> sides;
    sides.first.reserve(pairing.pairs.size());
    sides.second.reserve(pairing.pairs.size());
    for (const auto& [of_a, of_b] : pairing.pairs) {
        sides.first.push_back(at(a, of_a));
        sides.second.push_back(at(b, of_b));
    }
    return sides;
}

/// Clusters of the pairs, by the second task's items; empty: every item stands alone.
std::vector<std::size_t> paired_clusters(const Pairing& pairing, const data::Clusters& clusters) {
    std::vector<std::size_t> of_pairs;
    if (!clusters.matter()) return of_pairs;
    for (const auto& [of_a, of_b] : pairing.pairs) of_pairs.push_back(clusters.of.at(of_b));
    return of_pairs;
}

Verdict verdict_of(const statistics::Paired& paired, bool higher_is_better) {
    const statistics::Outcome outcome = statistics::outcome_of(paired);
    if (outcome == statistics::Outcome::NotSignificant) return Verdict::NotSignificant;
    return (outcome == statistics::Outcome::Above) == higher_is_better ? Verdict::Better : Verdict::Worse;
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
                compare_task(task, *other);
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
        if (comparable_versions(a, b)) add("version", a.version, b.version);
        add("profile", a.profile, b.profile);
        add("number of few-shot examples", a.fewshot, b.fewshot);
        return fmt::format("not the same task in {} and {}: {}", run_name(base_), run_name(run_), text);
    }

    void compare_task(const data::TaskView& base, const data::TaskView& task) {
        const Pairing pairing = pair_documents(base.docs, task.docs);
        leave_out_documents(pairing, base, task);
        for (const data::MetricValues& metric : base.metrics) {
            const data::MetricValues* other = find_metric(task, metric.name);
            if (other == nullptr) {
                leave_out(task.task, metric.name, "only " + run_name(base_) + " has a value for this metric");
            } else {
                compare_metric(pairing, metric, task, *other);
            }
        }
        for (const data::MetricValues& metric : task.metrics) {
            if (find_metric(base, metric.name) != nullptr) continue;
            leave_out(task.task, metric.name, "only " + run_name(run_) + " has a value for this metric");
        }
    }

    void leave_out_documents(const Pairing& pairing, const data::TaskView& base, const data::TaskView& task) {
        const auto unpaired = [&](const data::TaskView& of, const std::vector<std::size_t>& indices,
                                  const data::RunView& has, const data::RunView& lacks) {
            if (indices.empty()) return;
            leave_out(
                task.task, "",
                fmt::format("{} of {} {} no equal in {} (first: document {})", counted(indices.size(), "document"),
                            run_name(has), indices.size() == 1 ? "has" : "have", run_name(lacks),
                            of.docs.numbers[indices.front()]));
        };
        unpaired(base, pairing.only_a, base_, run_);
        unpaired(task, pairing.only_b, run_, base_);
        if (pairing.by == Pairing::By::Number && base.docs.imported != task.docs.imported) {
            leave_out(task.task, "",
                      "the two tools stored different columns of their documents, which are paired by number");
        }
    }

    void compare_metric(const Pairing& pairing, const data::MetricValues& of_base, const data::TaskView& task,
                        const data::MetricValues& of_task) {
        if (of_base.values.empty() || of_task.values.empty()) {
            leave_out(task.task, of_base.name,
                      "it is one number of all items together, with no score per item to pair");
            return;
        }
        const auto [a, b] = aligned(pairing, of_base.values, of_task.values);
        const std::optional<statistics::Paired> paired =
            statistics::compare_paired(a, b, paired_clusters(pairing, task.clusters));
        if (!paired) {
            leave_out(task.task, of_base.name,
                      pairing.pairs.empty() ? "the runs share no documents" : "no item has a score in both runs");
            return;
        }
        result_.differences.push_back(
            {&base_, &run_, &task, &of_task, *paired, verdict_of(*paired, of_base.higher_is_better)});
        if (paired->only_scored_a + paired->only_scored_b == 0) return;
        leave_out(task.task, of_base.name,
                  fmt::format("{} compared; {} scored only in {} and {} only in {} are left out",
                              counted(paired->items, "item"), paired->only_scored_a, run_name(base_),
                              paired->only_scored_b, run_name(run_)));
    }

    const data::RunView& base_;
    const data::RunView& run_;
    Comparison& result_;
};

/// Sort key of a difference: task and metric in the order of the first run, so that all runs of one metric are
/// neighbours.
std::pair<std::ptrdiff_t, std::ptrdiff_t> place_of(const DifferenceRow& row, const data::RunView& first) {
    const auto task = std::find_if(first.tasks.begin(), first.tasks.end(),
                                   [&row](const data::TaskView& other) { return same_task(other, *row.task); });
    const auto metric =
        std::find_if(task->metrics.begin(), task->metrics.end(),
                     [&row](const data::MetricValues& other) { return other.name == row.metric->name; });
    return {task - first.tasks.begin(), metric - task->metrics.begin()};
}

}  // namespace

std::string to_string(Verdict verdict) {
    switch (verdict) {
        case Verdict::Worse: return "worse";
        case Verdict::Better: return "better";
        case Verdict::NotSignificant: break;
    }
    return "not significant";
}

Comparison compare(const std::vector<data::RunView>& runs) {
    Comparison result;
    for (std::size_t other = 1; other < runs.size(); ++other) {
        RunComparison(runs.front(), runs[other], result).compare_tasks();
    }
    std::stable_sort(result.differences.begin(), result.differences.end(),
                     [&runs](const DifferenceRow& a, const DifferenceRow& b) {
                         return place_of(a, runs.front()) < place_of(b, runs.front());
                     });
    return result;
}

Comparison compare(const data::RunView& base, const data::RunView& run) {
    Comparison result;
    RunComparison(base, run, result).compare_tasks();
    return result;
}

std::string verdict_text(const DifferenceRow& row) {
    std::string verdict = to_string(row.verdict);
    if (row.verdict != Verdict::NotSignificant) return verdict;
    if (row.paired.items == 1) return verdict + " (a single item cannot show a difference)";
    if (!row.paired.minimum_detectable) return verdict + " (every item differs alike)";
    const double least = *row.paired.minimum_detectable;
    // A point is a hundredth of a proportion; other scores have no points.
    return fmt::format("{} (minimum detectable difference {})", verdict,
                       statistics::is_share(row.metric->values) ? fmt::format("{:.1f} points", 100 * least)
                                                                : fmt::format("{:.4g}", least));
}

}  // namespace reports::sections
