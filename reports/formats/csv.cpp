// Renders a report as comma-separated values.

#include "reports/formats/csv.hpp"

#include <vector>

#include "reports/sections/comparison.hpp"
#include "reports/sections/scores.hpp"
#include "reports/text/csv.hpp"

namespace reports::formats {
namespace {

using text::csv_number;
using text::csv_text;

std::string number_cell(const std::optional<double>& value) {
    return value ? csv_number(*value) : "";
}

/// The cells of a row by their columns; those that are left out are empty.
struct CsvRow {
    std::string row;
    const data::RunView* run = nullptr;
    std::string base = {};
    std::string task = {};
    std::string profile = {};
    std::string metric = {};
    std::string items = {};
    std::string errors = {};
    std::optional<double> value = {};
    std::optional<double> standard_error = {};
    std::optional<data::Interval> ci95 = {};
    std::optional<double> mcnemar_p = {};
    std::string verdict = {};
};

std::string csv_line_of(const CsvRow& row) {
    const std::string low = row.ci95 ? csv_number(row.ci95->low) : "";
    const std::string high = row.ci95 ? csv_number(row.ci95->high) : "";
    return text::csv_line({row.row, std::to_string(row.run->id), csv_text(row.run->variant), row.base,
                           csv_text(row.task), csv_text(row.profile), csv_text(row.metric), row.items, row.errors,
                           number_cell(row.value), number_cell(row.standard_error), low, high,
                           number_cell(row.mcnemar_p), row.verdict});
}

std::string csv_scores(const std::vector<data::RunView>& runs) {
    std::string lines;
    for (const sections::ScoreRow& row : sections::score_rows(runs)) {
        lines += csv_line_of({.row = "score",
                              .run = row.run,
                              .task = row.task->task,
                              .profile = row.task->profile,
                              .metric = row.metric->name,
                              .items = std::to_string(row.scored),
                              .errors = std::to_string(row.task->errors),
                              .value = row.metric->value,
                              .standard_error = row.standard_error,
                              .ci95 = row.ci95});
    }
    return lines;
}

std::string csv_groups(const std::vector<data::RunView>& runs) {
    std::string lines;
    for (const data::RunView& run : runs) {
        for (const data::GroupView& group : run.groups) {
            lines += csv_line_of({.row = "group",
                                  .run = &run,
                                  .task = group.group,
                                  .profile = group.profile,
                                  .items = std::to_string(group.items),
                                  .value = group.value,
                                  .standard_error = group.standard_error,
                                  .ci95 = group.ci95});
        }
    }
    return lines;
}

std::string csv_differences(const std::vector<data::RunView>& runs) {
    std::string lines;
    const sections::Comparison comparison = sections::compare(runs);
    for (const sections::DifferenceRow& row : comparison.differences) {
        lines += csv_line_of({.row = "difference",
                              .run = row.run,
                              .base = std::to_string(row.base->id),
                              .task = row.task->task,
                              .profile = row.task->profile,
                              .metric = row.metric->name,
                              .items = std::to_string(row.paired.items),
                              .value = row.paired.difference,
                              .standard_error = row.paired.standard_error,
                              .ci95 = row.paired.ci95,
                              .mcnemar_p = row.paired.mcnemar_p,
                              .verdict = sections::to_string(row.verdict)});
    }
    return lines;
}

}  // namespace

std::string render_csv(const data::Report& report) {
    return "row,run,model,base,task,profile,metric,items,errors,value,stderr,ci95_low,ci95_high,mcnemar_p,verdict\r\n" +
           csv_scores(report.runs) + csv_groups(report.runs) + csv_differences(report.runs);
}

}  // namespace reports::formats
