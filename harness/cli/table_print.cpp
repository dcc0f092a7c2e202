#include "harness/cli/table_print.hpp"

#include <algorithm>

#include "harness/cli/print.hpp"
#include "harness/cli/terminal.hpp"
#include "reports/formats/table_text.hpp"
#include "reports/text/fold.hpp"
#include "reports/text/plain_text.hpp"

namespace harness::cli {
namespace {

using Lines = std::vector<std::string>;

/// Wraps `text` to lines that fit after `indent` columns; 0 columns: one line.
Lines folded(const std::string& text, std::size_t indent, std::size_t columns) {
    constexpr std::size_t kMinColumns = 12;  // in a very narrow terminal
    if (columns == reports::formats::kUnlimited) return {text};
    return reports::text::folded(text, std::max(columns, indent + kMinColumns) - indent);
}

}  // namespace

reports::sections::Table table_of(std::vector<std::pair<std::string, reports::sections::Column>> columns) {
    reports::sections::Table table;
    for (auto& named : columns) {
        table.titles.push_back(std::move(named.first));
        table.columns.push_back(named.second);
    }
    return table;
}

void print_heading(const std::string& heading) {
    print("{}\n", Trusted{styled(visible_line(heading), Style::Bold)});
}

void print_paragraph(const std::string& text, std::size_t plain_columns) {
    const std::size_t indent = std::min(text.find_first_not_of(' '), text.size());
    const Lines lines = folded(visible_line(text.substr(indent)), indent, table_width(plain_columns));
    for (const std::string& line : lines) print_trusted(std::string(indent, ' ') + line + "\n");
}

void print_facts(const std::vector<Fact>& facts, std::size_t column) {
    for (const Fact& fact : facts) {
        const std::string name = visible_line(fact.name);
        // A longer name uses the gap first, and then moves its value to the right.
        const std::size_t after_name = reports::text::display_width(name) + 1;
        std::string text = name + std::string(std::max(column, after_name) - (after_name - 1), ' ');
        const Lines lines = folded(visible_line(fact.value), std::max(column, after_name), table_width());
        for (std::size_t i = 0; i < lines.size(); ++i)
            text += (i == 0 ? "" : std::string(column, ' ')) + lines[i] + "\n";
        print_trusted(text);
    }
}

void print_table(const reports::sections::Table& table, std::size_t plain_columns) {
    print_trusted(reports::formats::terminal_table(table, table_width(plain_columns)));
}

}  // namespace harness::cli
