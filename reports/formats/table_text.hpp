#pragma once

#include <cstddef>
#include <string>

#include "reports/sections/table.hpp"

namespace reports::formats {

/// Terminal width that means: never wrap.
constexpr std::size_t kUnlimited = 0;

/// Columns two spaces apart, numbers right-aligned; each row on one line. If that is wider than `width`, titles of
/// numbers and the longest text columns are wrapped, and a run that all rows share is printed once above them; if that
/// does not suffice, each row becomes a block of its keys and, indented, a line for each other cell.
std::string terminal_table(const sections::Table& table, std::size_t width = kUnlimited);
/// A table in GitHub's Markdown.
std::string markdown_table(const sections::Table& table);

}  // namespace reports::formats
