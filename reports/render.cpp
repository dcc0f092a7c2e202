// Tables of a comparison as text.

#include "reports/render.hpp"

#include <fmt/format.h>

#include "reports/plain_text.hpp"
#include "reports/report_tables.hpp"

namespace reports {
namespace {

std::string terminal_section(const Table& table) {
    if (table.rows.empty()) return "";
    return fmt::format("\n{}\n{}", visible(table.heading, Lines::Escape), terminal_table(table));
}

std::string markdown_section(const Table& table) {
    if (table.rows.empty()) return "";
    return fmt::format("\n## {}\n\n{}\n\n{}", markdown_text(table.heading), markdown_text(table.caption),
                       markdown_table(table));
}

}  // namespace

std::string render_terminal(const std::vector<RunView>& runs) {
    const Comparison comparison = compare(runs);
    return terminal_table(summary_table(runs)) + terminal_section(group_table(runs)) +
           terminal_section(counter_table(runs)) + terminal_section(difference_table(runs, comparison)) +
           terminal_section(not_compared_table(runs, comparison));
}

std::string render_markdown(const std::vector<RunView>& runs) {
    const Comparison comparison = compare(runs);
    return "# Bellwether report\n" + markdown_section(summary_table(runs)) + markdown_section(group_table(runs)) +
           markdown_section(counter_table(runs)) + markdown_section(difference_table(runs, comparison)) +
           markdown_section(not_compared_table(runs, comparison));
}

}  // namespace reports
