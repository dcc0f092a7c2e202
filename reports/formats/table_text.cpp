#include "reports/formats/table_text.hpp"

#include <algorithm>

#include "reports/text/plain_text.hpp"

namespace reports::formats {
namespace {

std::string padded(const std::string& cell, std::size_t width, sections::Column column) {
    const std::string blanks(width - std::min(width, text::display_width(cell)), ' ');
    return column == sections::Column::Number ? blanks + cell : cell + blanks;
}

std::string markdown_row(const std::vector<std::string>& cells) {
    std::string line = "|";
    for (const std::string& cell : cells) line += " " + text::markdown_text(cell) + " |";
    return line + "\n";
}

}  // namespace

std::string terminal_table(const sections::Table& table) {
    std::vector<std::vector<std::string>> lines = {table.titles};
    lines.insert(lines.end(), table.rows.begin(), table.rows.end());
    std::vector<std::size_t> widths(table.columns.size());
    for (std::vector<std::string>& line : lines) {
        for (std::size_t i = 0; i < line.size(); ++i) {
            line[i] = text::visible(line[i], text::Lines::Escape);
            widths[i] = std::max(widths[i], text::display_width(line[i]));
        }
    }
    std::string text;
    for (const std::vector<std::string>& line : lines) {
        std::string row;
        for (std::size_t i = 0; i < line.size(); ++i) {
            row += (i == 0 ? "" : "  ") + padded(line[i], widths[i], table.columns[i]);
        }
        text += row.substr(0, row.find_last_not_of(' ') + 1) + "\n";
    }
    return text;
}

std::string markdown_table(const sections::Table& table) {
    std::string text = markdown_row(table.titles) + "|";
    for (const sections::Column column : table.columns) text += column == sections::Column::Number ? "---:|" : "---|";
    text += "\n";
    for (const std::vector<std::string>& row : table.rows) text += markdown_row(row);
    return text;
}

}  // namespace reports::formats
