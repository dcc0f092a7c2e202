#include "reports/formats/html_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/formats/page_template.hpp"

namespace reports::formats {
namespace {

/// Rows up to which a table that may be folded is shown at once: about a screen.
constexpr std::size_t kMaxUnfolded = 24;

/// Number of rows from `row` on with the same keys up to `column`; 0 if the row before has the same keys.
std::size_t rows_spanned(const sections::Table& table, std::size_t row, std::size_t column) {
    const auto same = [&](std::size_t a, std::size_t b) {
        return std::equal(table.rows[a].begin(), table.rows[a].begin() + static_cast<std::ptrdiff_t>(column) + 1,
                          table.rows[b].begin());
    };
    if (row > 0 && same(row - 1, row)) return 0;
    std::size_t end = row + 1;
    while (end < table.rows.size() && same(row, end)) ++end;
    return end - row;
}

std::string text_class(const std::string& text) {
    return text == "better" || text == "worse" ? "prose " + text : "prose";
}

TemplateData cell_data(const sections::Table& table, std::size_t row, std::size_t column) {
    const std::string& text = table.rows[row][column];
    const TemplateData none(TemplateData::type::bool_false);
    TemplateData content("text", text);
    content.set("title", table.titles[column]);
    content.set("direction", table.titles[column] == "better");
    content.set("level", std::to_string(column));
    if (table.columns[column] == sections::Column::Run) set_run_looks(content, table.run_of_row[row]);
    if (table.columns[column] == sections::Column::Number) content.set("class", "number");
    if (table.columns[column] == sections::Column::Text) content.set("class", text_class(text));
    if (table.columns[column] == sections::Column::Key)
        content.set("rows_spanned", std::to_string(rows_spanned(table, row, column)));
    TemplateData data("key", table.columns[column] == sections::Column::Key ? content : none);
    data.set("run", table.columns[column] == sections::Column::Run ? content : none);
    data.set("value",
             table.columns[column] == sections::Column::Number || table.columns[column] == sections::Column::Text
                 ? content
                 : none);
    return data;
}

}  // namespace

std::string html_table(const sections::Table& table, const TableSetting& setting) {
    if (table.rows.empty()) return "";
    TemplateList titles;
    for (std::size_t i = 0; i < table.titles.size(); ++i) {
        TemplateData title("text", table.titles[i]);
        title.set("number", table.columns[i] == sections::Column::Number);
        titles.push_back(title);
    }
    TemplateList rows;
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
        TemplateList cells;
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            if (table.columns[i] == sections::Column::Key && rows_spanned(table, row, i) == 0) continue;
            cells.push_back(cell_data(table, row, i));
        }
        rows.push_back(TemplateData("cells", cells));
    }
    TemplateData data("heading", table.heading);
    data.set("rank", std::to_string(setting.rank));
    data.set("warnings", text_list(setting.warnings));
    data.set("figures", setting.figures);
    const bool is_long = setting.fold && table.rows.size() > kMaxUnfolded;
    data.set("folded", optional_text(is_long ? fmt::format("Table of {} rows", table.rows.size()) : ""));
    data.set("caption", table.caption);
    data.set("titles", titles);
    data.set("rows", rows);
    return PageTemplate("table.mustache").fill(data);
}

}  // namespace reports::formats
