#pragma once

#include <cstddef>
#include <string>

#include "reports/sections/table.hpp"

namespace reports::formats {

/// Builds text for a terminal of `width` columns (kUnlimited: no wrapping), line by line. Every string passes
/// text::visible here.
class TextLines {
public:
    explicit TextLines(std::size_t width) : width_(width) {}

    /// Adds a line of hostile text, indented by `indent` columns; wrapped if it is wider than the terminal.
    void add(const std::string& line, std::size_t indent = 0);
    void add_table(const sections::Table& table);
    /// A blank line, the table's heading, and the table if it has rows.
    void add_section(const sections::Table& table);
    void blank() { text_ += '\n'; }
    const std::string& text() const { return text_; }

private:
    std::size_t width_;
    std::string text_;
};

}  // namespace reports::formats
