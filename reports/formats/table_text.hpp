#pragma once

#include <cstddef>
#include <string>

#include "reports/sections/table.hpp"

namespace reports::formats {

/// Columns of a terminal that nothing is folded for.
constexpr std::size_t kUnlimited = 0;

/// Columns two spaces apart, numbers at the right; every cell on its line, whatever is in it. Where that is wider than
/// `width`, titles of numbers and the longest columns of text are folded; a run that all rows are of stands above them
/// once; and where that does not help each row becomes a block of its keys and, indented, a line for each other cell.
std::string terminal_table(const sections::Table& table, std::size_t width = kUnlimited);
/// A table of GitHub's Markdown.
std::string markdown_table(const sections::Table& table);

}  // namespace reports::formats
