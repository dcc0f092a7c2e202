// The tables of a report as plain text.

#include <fmt/format.h>

#include "reports/formats/render.hpp"
#include "reports/formats/table_text.hpp"
#include "reports/sections/published.hpp"
#include "reports/sections/report_tables.hpp"
#include "reports/text/plain_text.hpp"

namespace reports::formats {
namespace {

std::string line(const std::string& text) {
    return text::visible(text, text::Lines::Escape) + "\n";
}

std::string section(const sections::Table& table) {
    if (table.rows.empty()) return "";
    return "\n" + line(table.heading) + terminal_table(table);
}

std::string published_section(const data::Report& report) {
    const sections::Table table = sections::published_table(report.runs, *report.published);
    std::string text = "\n" + line(table.heading);
    if (!table.rows.empty()) text += terminal_table(table);
    for (const std::string& other : sections::published_left_out(*report.published)) text += line(other);
    return report.published->rows.empty() ? text + "There are none for these tasks.\n" : text;
}

}  // namespace

std::string render_terminal(const data::Report& report) {
    const std::vector<data::RunView>& runs = report.runs;
    const sections::Comparison comparison = sections::compare(runs);
    return terminal_table(sections::summary_table(runs)) + section(sections::group_table(runs)) +
           section(sections::counter_table(runs)) + section(sections::difference_table(runs, comparison)) +
           section(sections::not_compared_table(runs, comparison)) +
           (report.published ? published_section(report) : "");
}

}  // namespace reports::formats
