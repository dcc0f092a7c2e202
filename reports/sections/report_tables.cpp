#include "reports/sections/report_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/text/plain_text.hpp"

namespace reports::sections {
namespace {

constexpr const char* kNone = "–";

std::size_t index_of(const data::RunView* run, const std::vector<data::RunView>& runs) {
    return static_cast<std::size_t>(run - runs.data());
}

std::string signed_number(double value) {
    return value == 0 || !std::isfinite(value) ? number(value) : fmt::format("{:+.4f}", value);
}

std::string signed_range(const std::optional<statistics::Interval>& interval) {
    return interval ? signed_number(interval->low) + " to " + signed_number(interval->high) : kNone;
}

/// Small p-values keep two digits and say when they are below what a table can hold.
std::string probability(const std::optional<double>& p) {
    if (!p) return kNone;
    return *p < 0.0001 ? "< 0.0001" : fmt::format("{:.4f}", *p);
}

/// A name as long as a column may be.
std::string name_text(const std::string& name) {
    return text::shortened(name, 48);
}

/// Of a task of which only a part is done, both numbers.
std::string items_text(const data::TaskView& task, std::size_t scored) {
    return task.planned > task.items ? fmt::format("{} of {}", scored, task.planned) : std::to_string(scored);
}

/// Adds a row after the last one with the same two keys, so that the runs of one thing stand together.
void add_beside(Table& table, std::vector<std::string> row, std::size_t run) {
    const auto last = std::find_if(table.rows.rbegin(), table.rows.rend(),
                                   [&row](const auto& other) { return other[0] == row[0] && other[1] == row[1]; });
    const auto place = last == table.rows.rend() ? table.rows.end() : last.base();
    table.run_of_row.insert(table.run_of_row.begin() + (place - table.rows.begin()), run);
    table.rows.insert(place, std::move(row));
}

}  // namespace

std::string number(double value) {
    if (!std::isfinite(value)) return kNone;
    if (std::abs(value) >= 1e7) return fmt::format("{:.4e}", value);
    const std::string text = fmt::format("{:.4f}", value);
    return text == "-0.0000" ? "0.0000" : text;
}

std::string number(const std::optional<double>& value) {
    return value ? number(*value) : kNone;
}

std::string range(const std::optional<statistics::Interval>& interval) {
    return interval ? number(interval->low) + " to " + number(interval->high) : kNone;
}

std::string verdict_text(const DifferenceRow& row) {
    if (row.verdict != "no difference seen") return row.verdict;
    if (row.paired.items == 1) return row.verdict + " (one item cannot show one)";
    if (!row.paired.minimum_detectable) return row.verdict + " (every item differs alike)";
    const double least = *row.paired.minimum_detectable;
    // A point is a hundredth of a rate; other scores have no points.
    const bool rate = std::all_of(row.metric->values.begin(), row.metric->values.end(),
                                  [](const auto& value) { return !value || (*value >= 0 && *value <= 1); });
    return fmt::format("{} (could have seen {})", row.verdict,
                       rate ? fmt::format("{:.1f} points", 100 * least) : fmt::format("{:.4g}", least));
}

Table summary_table(const std::vector<data::RunView>& runs) {
    using enum Column;
    Table table{
        .heading = "Scores",
        .caption =
            "The interval holds the true value in 95 of 100 such measurements. It is Wilson's where every item is "
            "right or wrong, else 1.96 standard errors to either side, of perplexities on a logarithmic scale. n "
            "counts scored items.",
        .titles = {"task", "metric", "better", "run", "value", "std. error", "95 % interval", "n", "errors"},
        .columns = {Key, Key, Key, Run, Number, Number, Number, Number, Number},
        .rows = {},
        .run_of_row = {}};
    for (const SummaryRow& row : summarise(runs)) {
        table.rows.push_back({name_text(row.task->task), name_text(row.metric->name),
                              row.metric->higher_is_better ? "higher" : "lower", run_name(*row.run),
                              number(row.metric->value), number(row.standard_error), range(row.ci95),
                              items_text(*row.task, row.scored), std::to_string(row.task->errors)});
        table.run_of_row.push_back(index_of(row.run, runs));
    }
    return table;
}

Table group_table(const std::vector<data::RunView>& runs) {
    using enum Column;
    Table table{.heading = "Groups",
                .caption =
                    "Each by its own rule: the mean over all documents or over its members, with 1.96 standard errors "
                    "to either side. Members count as independent.",
                .titles = {"group", "mean over", "run", "value", "std. error", "95 % interval", "n", "without"},
                .columns = {Key, Key, Run, Number, Number, Number, Number, Text},
                .rows = {},
                .run_of_row = {}};
    for (const data::RunView& run : runs) {
        for (const data::GroupView& group : run.groups) {
            add_beside(
                table,
                {name_text(group.group), group.mean_over, run_name(run), number(group.value),
                 number(group.standard_error), range(statistics::interval95(group.value, group.standard_error, {})),
                 std::to_string(group.items), fmt::format("{}", fmt::join(group.missing, ", "))},
                index_of(&run, runs));
        }
    }
    return table;
}

Table counter_table(const std::vector<data::RunView>& runs) {
    using enum Column;
    Table table{.heading = "Counted apart from wrong answers",
                .caption =
                    "Items whose output was empty or cut by its limit, held no answer to extract, or whose "
                    "prompt lost examples on the left.",
                .titles = {"task", "what", "run", "items", "of"},
                .columns = {Key, Key, Run, Number, Number},
                .rows = {},
                .run_of_row = {}};
    for (const data::RunView& run : runs) {
        for (const data::TaskView& task : run.tasks) {
            for (const data::CounterView& counter : task.counters) {
                if (counter.items == 0) continue;
                add_beside(table,
                           {name_text(task.task), name_text(counter.name), run_name(run), std::to_string(counter.items),
                            std::to_string(task.items)},
                           index_of(&run, runs));
            }
        }
    }
    return table;
}

Table difference_table(const std::vector<data::RunView>& runs, const Comparison& comparison) {
    using enum Column;
    Table table{
        .heading = runs.empty() ? "" : "Paired differences against " + run_name(runs.front()),
        .caption =
            "Over the items that both runs scored: the run's score less that of the first. p is McNemar's exact "
            "test, for items that are right or wrong. A point is 0.01; \"could have seen\" is the difference that "
            "would be found four times out of five.",
        .titles = {"task", "metric", "run", "difference", "std. error", "95 % interval", "n", "p", "only first",
                   "only this", "verdict"},
        .columns = {Key, Key, Run, Number, Number, Number, Number, Number, Number, Number, Text},
        .rows = {},
        .run_of_row = {}};
    for (const DifferenceRow& row : comparison.differences) {
        const statistics::Paired& paired = row.paired;
        const bool counted = paired.mcnemar_p.has_value();
        table.rows.push_back({name_text(row.task->task), name_text(row.metric->name), run_name(*row.run),
                              signed_number(paired.difference), number(paired.standard_error),
                              signed_range(paired.ci95), std::to_string(paired.items), probability(paired.mcnemar_p),
                              counted ? std::to_string(paired.higher_a) : kNone,
                              counted ? std::to_string(paired.higher_b) : kNone, verdict_text(row)});
        table.run_of_row.push_back(index_of(row.run, runs));
    }
    return table;
}

Table not_compared_table(const std::vector<data::RunView>& runs, const Comparison& comparison) {
    using enum Column;
    Table table{.heading = "Not compared",
                .caption = "What the differences leave out, and why.",
                .titles = {"task", "metric", "run", "why"},
                .columns = {Key, Key, Run, Text},
                .rows = {},
                .run_of_row = {}};
    for (const NotCompared& row : comparison.not_compared) {
        table.rows.push_back(
            {name_text(row.task), row.metric.empty() ? "all" : name_text(row.metric), run_name(*row.run), row.reason});
        table.run_of_row.push_back(index_of(row.run, runs));
    }
    return table;
}

}  // namespace reports::sections
