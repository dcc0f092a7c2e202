#include "reports/formats/table_text.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <sstream>

#include "reports/text/fold.hpp"
#include "reports/text/plain_text.hpp"

namespace reports::formats {
namespace {

using sections::Column;
using sections::Table;
using Cells = std::vector<std::string>;

constexpr std::size_t kGap = 2;
/// Narrower text columns would be hard to read.
constexpr std::size_t kMinColumns = 12;

std::string padded(const std::string& cell, std::size_t width, Column column) {
    const std::string blanks(width - std::min(width, text::display_width(cell)), ' ');
    return column == Column::Number ? blanks + cell : cell + blanks;
}

std::string without_trailing_blanks(const std::string& line) {
    return line.substr(0, line.find_last_not_of(' ') + 1);
}

Cells visible_cells(const Cells& cells) {
    Cells shown;
    for (const std::string& cell : cells) shown.push_back(text::visible(cell, text::Lines::Escape));
    return shown;
}

/// The titles and all rows.
std::vector<Cells> visible_rows(const Table& table) {
    std::vector<Cells> rows = {visible_cells(table.titles)};
    for (const Cells& row : table.rows) rows.push_back(visible_cells(row));
    return rows;
}

std::size_t total_width(const std::vector<std::size_t>& widths) {
    return std::accumulate(widths.begin(), widths.end(), widths.empty() ? 0 : kGap * (widths.size() - 1));
}

/// Narrows text columns, the widest first, until all fit. False if they cannot.
bool narrow(const std::vector<Column>& columns, std::size_t width, std::vector<std::size_t>& widths) {
    while (total_width(widths) > width) {
        std::optional<std::size_t> widest;
        for (std::size_t i = 0; i < widths.size(); ++i) {
            if (columns[i] == Column::Number || widths[i] <= kMinColumns) continue;
            if (!widest || widths[i] > widths[*widest]) widest = i;
        }
        if (!widest) return false;
        --widths[*widest];
    }
    return true;
}

/// Width of the longest word of the title or of the longest cell: in a column of numbers only the title is wrapped.
std::size_t number_width(const std::vector<Cells>& rows, std::size_t column) {
    std::size_t width = 0;
    std::istringstream title(rows.front()[column]);
    for (std::string word; title >> word;) width = std::max(width, text::display_width(word));
    for (std::size_t row = 1; row < rows.size(); ++row) width = std::max(width, text::display_width(rows[row][column]));
    return width;
}

/// The column of runs if all rows have the same run, which can then be printed once above the table.
std::optional<std::size_t> column_of_one_run(const Table& table) {
    const auto found = std::find(table.columns.begin(), table.columns.end(), Column::Run);
    if (found == table.columns.end() || table.rows.empty()) return std::nullopt;
    const auto column = static_cast<std::size_t>(found - table.columns.begin());
    const std::string& run = table.rows.front()[column];
    const bool is_one =
        std::all_of(table.rows.begin(), table.rows.end(), [&](const Cells& row) { return row[column] == run; });
    return is_one ? std::optional(column) : std::nullopt;
}

Table without_column(const Table& table, std::size_t column) {
    const auto at = static_cast<std::ptrdiff_t>(column);
    Table rest = table;
    rest.titles.erase(rest.titles.begin() + at);
    rest.columns.erase(rest.columns.begin() + at);
    for (Cells& row : rest.rows) row.erase(row.begin() + at);
    return rest;
}

/// A row whose cells may take several lines.
std::string folded_row(const Cells& cells, const std::vector<Column>& columns, const std::vector<std::size_t>& widths) {
    std::vector<Cells> folded;
    std::size_t height = 1;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        folded.push_back(text::folded(cells[i], std::max(widths[i], kGap)));
        height = std::max(height, folded.back().size());
    }
    std::string text;
    for (std::size_t line = 0; line < height; ++line) {
        std::string row;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const std::string cell = line < folded[i].size() ? folded[i][line] : "";
            row += std::string(i == 0 ? 0 : kGap, ' ') + padded(cell, widths[i], columns[i]);
        }
        text += without_trailing_blanks(row) + "\n";
    }
    return text;
}

/// The rows in columns, the first one being the titles; nullopt if they cannot be as narrow as `width`.
std::optional<std::string> in_columns(const std::vector<Cells>& rows, const std::vector<Column>& columns,
                                      std::size_t width) {
    std::vector<std::size_t> widths(columns.size());
    for (const Cells& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], text::display_width(row[i]));
    }
    if (width != kUnlimited && total_width(widths) > width) {
        for (std::size_t i = 0; i < widths.size(); ++i) {
            if (columns[i] == Column::Number) widths[i] = number_width(rows, i);
        }
        if (!narrow(columns, width, widths)) return std::nullopt;
    }
    std::string text;
    for (const Cells& row : rows) text += folded_row(row, columns, widths);
    return text;
}

void add_folded(const std::string& line, std::size_t width, std::size_t indent, std::string& text) {
    for (const std::string& part : text::folded(line, std::max(width, indent + kMinColumns) - indent))
        text += std::string(indent, ' ') + part + "\n";
}

/// Each row as a line of its keys, with its other cells and their titles below.
std::string blocks(const std::vector<Cells>& rows, const std::vector<Column>& columns, std::size_t width) {
    const Cells& titles = rows.front();
    std::string text;
    for (std::size_t row = 1; row < rows.size(); ++row) {
        std::string keys;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (columns[i] == Column::Key) keys += (keys.empty() ? "" : ", ") + rows[row][i];
        }
        add_folded(keys, width, 0, text);
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (columns[i] == Column::Key || rows[row][i].empty()) continue;
            add_folded(titles[i] + ": " + rows[row][i], width, kGap, text);
        }
    }
    return text;
}

std::string markdown_row(const Cells& cells) {
    std::string line = "|";
    for (const std::string& cell : cells) line += " " + text::markdown_text(cell) + " |";
    return line + "\n";
}

}  // namespace

std::string terminal_table(const Table& table, std::size_t width) {
    const std::vector<Cells> rows = visible_rows(table);
    if (const auto text = in_columns(rows, table.columns, width)) return *text;
    if (const auto run = column_of_one_run(table)) {
        const Table rest = without_column(table, *run);
        if (const auto text = in_columns(visible_rows(rest), rest.columns, width)) {
            std::string above;
            add_folded(rows.front()[*run] + ": " + rows[1][*run], width, 0, above);
            return above + *text;
        }
    }
    return blocks(rows, table.columns, width);
}

std::string markdown_table(const Table& table) {
    std::string text = markdown_row(table.titles) + "|";
    for (const Column column : table.columns) text += column == Column::Number ? "---:|" : "---|";
    text += "\n";
    for (const Cells& row : table.rows) text += markdown_row(row);
    return text;
}

}  // namespace reports::formats
