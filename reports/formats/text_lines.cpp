#include "reports/formats/text_lines.hpp"

#include <algorithm>

#include "reports/formats/table_text.hpp"
#include "reports/text/fold.hpp"
#include "reports/text/plain_text.hpp"

namespace reports::formats {

void TextLines::add(const std::string& line, std::size_t indent) {
    constexpr std::size_t kMinColumns = 12;  // of an indented line in a very narrow terminal
    const std::string margin(indent, ' ');
    const std::string shown = text::visible(line, text::Lines::Escape);
    if (width_ == kUnlimited) {
        text_ += margin + shown + "\n";
        return;
    }
    for (const std::string& part : text::folded(shown, std::max(width_, indent + kMinColumns) - indent))
        text_ += margin + part + "\n";
}

void TextLines::add_table(const sections::Table& table) {
    text_ += terminal_table(table, width_);
}

void TextLines::add_section(const sections::Table& table) {
    blank();
    add(table.heading);
    if (!table.rows.empty()) add_table(table);
}

}  // namespace reports::formats
