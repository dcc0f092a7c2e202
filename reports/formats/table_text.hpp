#pragma once

#include <string>

#include "reports/sections/table.hpp"

namespace reports::formats {

/// Columns two spaces apart, numbers at the right; every cell on its line, whatever is in it.
std::string terminal_table(const sections::Table& table);
/// A table of GitHub's Markdown.
std::string markdown_table(const sections::Table& table);

}  // namespace reports::formats
