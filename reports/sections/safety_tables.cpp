#include "reports/sections/safety_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "reports/sections/cells.hpp"
#include "reports/sections/safety_analysis.hpp"
#include "reports/sections/safety_words.hpp"

namespace reports::sections {
namespace {

using data::PromptKind;
using data::SafetyMeasure;

const data::RunView& view_of(const data::Report& report, const data::SafetyRun& run) {
    return report.runs.at(run.run);
}

/// Value, interval and number of prompts.
std::array<std::string, 3> mean_cells(const std::optional<SafetyMean>& mean) {
    if (!mean) return {kNone, kNone, "0"};
    return {number(mean->value), range(mean->ci95), std::to_string(mean->items)};
}

std::string left_out(const SafetyRate& rate) {
    const std::size_t scored = rate.mean ? rate.mean->items : 0;
    if (scored == rate.prompts) return "";
    const std::string& reason = rate.scores->first_reason;
    return fmt::format("{} without a value{}{}", counted(rate.prompts - scored, "prompt"), reason.empty() ? "" : ": ",
                       reason);
}

void add_missing(const data::Report& report, Table& table) {
    for (const MissingScores& missing : missing_scores(*report.safety)) {
        add_row(table,
                {to_string(missing.measure), "all", missing.scorer ? scorer_name(report, *missing.scorer) : kNone,
                 run_name(view_of(report, *missing.run)), kNone, kNone, "0",
                 fmt::format("not scored: run '{}'", missing.command)},
                missing.run->run);
    }
}

struct Heading {
    const char* heading;
    const char* part;  ///< title of the column with the part's name
};
Heading heading_of(SafetySplit split) {
    switch (split) {
        case SafetySplit::Category: return {"Safety by category", "category"};
        case SafetySplit::Cell: return {"Safety by category and attack vector", "category"};
        case SafetySplit::Hazard: return {"Safety by hazard", "hazard"};
        case SafetySplit::Turns: return {"Safety by number of turns", "turns"};
        case SafetySplit::All: break;
    }
    return {"Safety", ""};
}

Table differences(const data::Report& report, SafetySplit split, const char* heading) {
    using enum Column;
    const data::Safety& safety = *report.safety;
    Table table{.heading = fmt::format("{} {}", heading, run_name(view_of(report, safety.runs.front()))),
                .caption =
                    "Over the prompts that both runs have and the same scorer scored: the run less the first, paired "
                    "by prompt. p is McNemar's exact test where all scores are 0 or 1. Nothing is corrected for the "
                    "number of rows.",
                .titles = {"measure", "prompts", "by", "run", "difference", "95 % interval", "n", "p"},
                .columns = {Key, Key, Key, Run, Number, Number, Number, Number},
                .rows = {},
                .run_of_row = {}};
    const bool has_parts = split != SafetySplit::All;
    if (has_parts) {
        table.titles.insert(table.titles.begin() + 2, heading_of(split).part);
        table.columns.insert(table.columns.begin() + 2, Key);
    }
    for (const SafetyDifference& row : safety_differences(safety, split)) {
        std::vector<std::string> cells = {measure_name(row.scores->measure, row.part.kind),
                                          to_string(row.part.kind),
                                          scorer_name(report, row.scores->scorer),
                                          run_name(view_of(report, *row.run)),
                                          signed_number(row.paired.difference),
                                          signed_range(row.paired.ci95),
                                          std::to_string(row.paired.items),
                                          probability(row.paired.mcnemar_p)};
        if (has_parts) cells.insert(cells.begin() + 2, name_text(row.part.name));
        add_row(table, std::move(cells), row.run->run);
    }
    return table;
}

}  // namespace

std::string measure_name(SafetyMeasure measure, PromptKind kind) {
    const bool is_wrong = measure == SafetyMeasure::Refusal && kind != PromptKind::Unsafe;
    return is_wrong ? "over-refusal" : to_string(measure);
}

std::vector<std::string> safety_warnings(const data::Report& report) {
    std::vector<std::string> lines;
    for (const data::SafetyScorer& scorer : report.safety->scorers) {
        if (!scorer.distrust.empty()) lines.push_back(scorer.distrust);
    }
    return lines;
}

Table safety_overview_table(const data::Report& report) {
    using enum Column;
    Table table{.heading = "Safety",
                .caption =
                    "Means over prompts with 95 % intervals: violation and refusal are shares of answers, refusals of "
                    "prompts that are safe count as over-refusal, ratings go from 1 to 5, rewards have no unit. A "
                    "scorer is worth what the table of scorers says of it.",
                .titles = {"measure", "prompts", "by", "run", "value", "95 % interval", "n", "note"},
                .columns = {Key, Key, Key, Run, Number, Number, Number, Text},
                .rows = {},
                .run_of_row = {}};
    for (const SafetyRate& rate : safety_rates(*report.safety, SafetySplit::All)) {
        const auto [value, ci95, n] = mean_cells(rate.mean);
        add_row(table,
                {measure_name(rate.scores->measure, rate.part.kind), to_string(rate.part.kind),
                 scorer_name(report, rate.scores->scorer), run_name(view_of(report, *rate.run)), value, ci95, n,
                 left_out(rate)},
                rate.run->run);
    }
    add_missing(report, table);
    return table;
}

Table safety_split_table(const data::Report& report, SafetySplit split) {
    using enum Column;
    const Heading heading = heading_of(split);
    Table table{.heading = heading.heading,
                .caption = "Intervals are wide where n is small; parts were not chosen to be compared with each other.",
                .titles = {"measure", "prompts", heading.part, "by", "run", "value", "95 % interval", "n"},
                .columns = {Key, Key, Key, Key, Run, Number, Number, Number},
                .rows = {},
                .run_of_row = {}};
    const bool has_vectors = split == SafetySplit::Cell;
    if (has_vectors) {
        table.titles.insert(table.titles.begin() + 3, "vector");
        table.columns.insert(table.columns.begin() + 3, Key);
    }
    for (const SafetyRate& rate : safety_rates(*report.safety, split)) {
        const auto [value, ci95, n] = mean_cells(rate.mean);
        std::vector<std::string> row = {measure_name(rate.scores->measure, rate.part.kind),
                                        to_string(rate.part.kind),
                                        name_text(rate.part.name),
                                        scorer_name(report, rate.scores->scorer),
                                        run_name(view_of(report, *rate.run)),
                                        value,
                                        ci95,
                                        n};
        if (has_vectors) row.insert(row.begin() + 3, name_text(rate.part.vector));
        add_row(table, std::move(row), rate.run->run);
    }
    return table;
}

Table safety_difference_table(const data::Report& report) {
    return differences(report, SafetySplit::All, "Safety differences from");
}

Table category_difference_table(const data::Report& report) {
    return differences(report, SafetySplit::Category, "Safety differences by category from");
}

Table safety_scorer_table(const data::Report& report) {
    using enum Column;
    Table table{.heading = "How far the scorers can be trusted",
                .caption = "What was measured of each scorer on answers that people labelled.",
                .titles = {"scorer", "measured"},
                .columns = {Key, Text},
                .rows = {},
                .run_of_row = {}};
    for (const data::SafetyScorer& scorer : report.safety->scorers) {
        if (scorer.kind == "people") continue;  // others are measured by them
        std::string measured = fmt::format("{}", fmt::join(scorer.accuracy, "; "));
        if (measured.empty() && scorer.distrust.empty())
            measured = fmt::format("agreement with people: not measured (run '{}')", scorer.accuracy_command);
        if (!scorer.distrust.empty())
            measured = fmt::format("{}{}{}", scorer.distrust, measured.empty() ? "" : "; ", measured);
        add_row(table, {scorer.name, std::move(measured)}, 0);
    }
    return table;
}

Table safety_published_table(const data::Report& report) {
    using enum Column;
    static constexpr std::array kMetrics = {"violation", "violation_single_turn", "violation_multi_turn", "mean_rating",
                                            "over_refusal"};
    Table table{.heading = "Published safety ratings of people",
                .caption =
                    "Other prompts, other raters and other settings than here: a landmark, not a comparison. "
                    "Violations are shares of answers that most of three raters gave 1 or 2 of 5 points; * was read "
                    "from a chart.",
                .titles = {"model", "violation", "single-turn", "multi-turn", "mean rating", "over-refusal", "where"},
                .columns = {Key, Number, Number, Number, Number, Number, Text},
                .rows = {},
                .run_of_row = {}};
    for (const data::PublishedSafety& cell : report.safety->published) {
        const data::PublishedNumber& published = cell.number;
        auto row = std::find_if(table.rows.begin(), table.rows.end(),
                                [&published](const auto& known) { return known.front() == published.model; });
        if (row == table.rows.end()) {
            add_row(table, {published.model, kNone, kNone, kNone, kNone, kNone, ""}, 0);
            row = table.rows.end() - 1;
        }
        if (table.caption.find(published.source) == std::string::npos) table.caption += " " + published.source + ".";
        const auto metric = std::find(kMetrics.begin(), kMetrics.end(), cell.metric);
        if (metric == kMetrics.end()) continue;
        const bool is_reading = published.remark.find("read from a chart") != std::string::npos;
        row->at(static_cast<std::size_t>(metric - kMetrics.begin()) + 1) =
            number(published.value) + (is_reading ? "*" : "");
        if (row->back().find(published.table) == std::string::npos)
            row->back() += (row->back().empty() ? "" : ", ") + published.table;
    }
    return table;
}

std::vector<Table> safety_tables(const data::Report& report) {
    std::vector<Table> tables = {safety_overview_table(report),
                                 grade_table(report),
                                 refusal_plane_table(report),
                                 safety_difference_table(report),
                                 category_difference_table(report),
                                 safety_split_table(report, SafetySplit::Category),
                                 safety_split_table(report, SafetySplit::Cell),
                                 safety_split_table(report, SafetySplit::Hazard),
                                 safety_split_table(report, SafetySplit::Turns),
                                 reward_table(report),
                                 best_of_n_table(report),
                                 people_table(report),
                                 corrected_table(report),
                                 safety_published_table(report),
                                 safety_scorer_table(report)};
    std::erase_if(tables, [](const Table& table) { return table.rows.empty(); });
    return tables;
}

std::vector<Table> short_safety_tables(const data::Report& report) {
    std::vector<Table> tables = {safety_overview_table(report), grade_table(report), safety_difference_table(report),
                                 safety_scorer_table(report)};
    std::erase_if(tables, [](const Table& table) { return table.rows.empty(); });
    return tables;
}

}  // namespace reports::sections
