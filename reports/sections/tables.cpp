#include "reports/sections/tables.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/sections/cells.hpp"
#include "reports/sections/cluster_note.hpp"
#include "reports/sections/scores.hpp"
#include "reports/sections/settings.hpp"

namespace reports::sections {
namespace {

std::size_t index_of(const data::RunView* run, const std::vector<data::RunView>& runs) {
    return static_cast<std::size_t>(run - runs.data());
}

/// Both numbers for a task that is only partly done.
std::string items_text(const data::TaskView& task, std::size_t scored) {
    return task.planned > task.items ? fmt::format("{} of {}", scored, task.planned) : std::to_string(scored);
}

/// Adds a row after the last one with the same keys, so that related runs are neighbours.
void add_beside(Table& table, std::vector<std::string> row, std::size_t run) {
    const auto keys = std::count(table.columns.begin(), table.columns.end(), Column::Key);
    const auto last = std::find_if(table.rows.rbegin(), table.rows.rend(), [&row, keys](const auto& other) {
        return std::equal(row.begin(), row.begin() + keys, other.begin());
    });
    const auto place = last == table.rows.rend() ? table.rows.end() : last.base();
    table.run_of_row.insert(table.run_of_row.begin() + (place - table.rows.begin()), run);
    table.rows.insert(place, std::move(row));
}

}  // namespace

Table score_table(const std::vector<data::RunView>& runs) {
    using enum Column;
    Table table{
        .heading = "Scores",
        .caption =
            "The 95 % interval is Wilson's where scores are within 0 to 1, on a logarithmic scale for perplexities, "
            "else Student's t with Hall's correction for skewed scores. n counts scored items." +
            cluster_note(runs),
        .titles = {"task", "metric", "better", "run", "value", "std. error", "95 % interval", "n", "errors"},
        .columns = {Key, Key, Key, Run, Number, Number, Number, Number, Number},
        .rows = {},
        .run_of_row = {}};
    for (const ScoreRow& row : score_rows(runs)) {
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
                    "Each by its own rule: the mean over all documents or over its members. The 95 % interval combines "
                    "those of the members, which count as independent.",
                .titles = {"group", "mean over", "run", "value", "std. error", "95 % interval", "n", "without"},
                .columns = {Key, Key, Run, Number, Number, Number, Number, Text},
                .rows = {},
                .run_of_row = {}};
    for (const data::RunView& run : runs) {
        for (const data::GroupView& group : run.groups) {
            add_beside(table,
                       {name_text(group.group), group.mean_over, run_name(run), number(group.value),
                        number(group.standard_error), range(group.ci95), std::to_string(group.items),
                        fmt::format("{}", fmt::join(group.missing, ", "))},
                       index_of(&run, runs));
        }
    }
    return table;
}

Table counter_table(const std::vector<data::RunView>& runs) {
    using enum Column;
    Table table{.heading = "Counted apart from wrong answers",
                .caption =
                    "Items whose output was empty or ended by its limit, held no answer to extract, or whose "
                    "prompt lost few-shot examples on the left.",
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

Table error_table(const std::vector<data::RunView>& runs) {
    using enum Column;
    Table table{.heading = "Errors",
                .caption = "Items without a score because something failed, and what to do about it.",
                .titles = {"task", "run", "items", "first document", "error"},
                .columns = {Key, Run, Number, Number, Text},
                .rows = {},
                .run_of_row = {}};
    for (const data::RunView& run : runs) {
        for (const data::TaskView& task : run.tasks) {
            for (const data::ErrorView& error : task.reasons) {
                add_beside(table,
                           {name_text(task.task), run_name(run), std::to_string(error.items),
                            std::to_string(error.first_doc), error.reason},
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
            "Over the documents that both runs scored: the run's score less that of the first. p is McNemar's exact "
            "test, for items that are correct or wrong. A point is 0.01; the minimum detectable difference would be "
            "found four times out of five." +
            cluster_note(runs),
        .titles = {"task", "metric", "run", "difference", "std. error", "95 % interval", "n", "p", "only first",
                   "only this", "verdict"},
        .columns = {Key, Key, Run, Number, Number, Number, Number, Number, Number, Number, Text},
        .rows = {},
        .run_of_row = {}};
    for (const DifferenceRow& row : comparison.differences) {
        const statistics::Paired& paired = row.paired;
        const bool binary = paired.mcnemar_p.has_value();
        table.rows.push_back({name_text(row.task->task), name_text(row.metric->name), run_name(*row.run),
                              signed_number(paired.difference), number(paired.standard_error),
                              signed_range(paired.ci95), std::to_string(paired.items), probability(paired.mcnemar_p),
                              binary ? std::to_string(paired.higher_a) : kNone,
                              binary ? std::to_string(paired.higher_b) : kNone, verdict_text(row)});
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

std::vector<Table> detail_tables(const data::Report& report) {
    const std::vector<data::RunView>& runs = report.runs;
    std::vector<Table> tables = {score_table(runs)};
    for (Table& table : std::vector<Table>{group_table(runs), counter_table(runs), error_table(runs),
                                           setting_difference_table(runs)}) {
        if (!table.rows.empty()) tables.push_back(std::move(table));
    }
    return tables;
}

std::vector<Table> report_tables(const data::Report& report) {
    const Comparison comparison = compare(report.runs);
    std::vector<Table> tables = detail_tables(report);
    for (Table& table :
         std::vector<Table>{difference_table(report.runs, comparison), not_compared_table(report.runs, comparison)}) {
        if (!table.rows.empty()) tables.push_back(std::move(table));
    }
    return tables;
}

}  // namespace reports::sections
