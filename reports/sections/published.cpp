#include "reports/sections/published.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/sections/cells.hpp"

namespace reports::sections {
namespace {

std::string source_of(const data::PublishedNumber& number) {
    return fmt::format("{}, table {}{}", number.source, number.table,
                       number.remark.empty() ? "" : " (" + number.remark + ")");
}

std::string published_number(const data::PublishedRow& row) {
    if (!row.published.corrected) return fmt::format("{:.4f}", row.expected());
    return fmt::format("{:.4f} (printed {:.4f})", row.expected(), row.published.value);
}

std::string inside_text(const data::PublishedRow& row) {
    if (!row.ci95) return kNone;
    return row.inside() ? "yes" : "no";
}

}  // namespace

Table published_table(const std::vector<data::RunView>& runs, const data::Published& published) {
    using enum Column;
    Table table{
        .heading = "Against published numbers of " + published.model,
        .caption = "\"inside\" says whether the 95 % interval of the run's value holds the published number.",
        .titles = {"task", "metric", "run", "value", "95 % interval", "published", "difference", "inside", "source"},
        .columns = {Key, Key, Run, Number, Number, Number, Number, Text, Text},
        .rows = {},
        .run_of_row = {}};
    for (const data::PublishedRow& row : published.rows) {
        if (!row.not_compared.empty()) continue;
        table.rows.push_back({row.task, row.metric, fmt::format("{} (run {})", row.variant, row.run), number(row.value),
                              range(row.ci95), published_number(row), fmt::format("{:+.4f}", row.difference()),
                              inside_text(row), source_of(row.published)});
        table.run_of_row.push_back(run_index(runs, row.run));
    }
    return table;
}

std::vector<std::string> published_left_out(const data::Published& published) {
    std::vector<std::string> lines;
    for (const data::PublishedRow& row : published.rows) {
        if (row.not_compared.empty()) continue;
        std::string line = fmt::format("{} {}: not compared with {} ({}): {}", row.task, row.metric,
                                       published_number(row), source_of(row.published), row.not_compared);
        if (std::find(lines.begin(), lines.end(), line) == lines.end()) lines.push_back(std::move(line));
    }
    return lines;
}

}  // namespace reports::sections
