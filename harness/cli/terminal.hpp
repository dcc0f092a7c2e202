#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// What standard output is: how wide, and whether colours are welcome.
namespace harness::cli {

/// Columns of standard output: $COLUMNS, or the terminal's; 100 where it is not a terminal.
std::size_t terminal_width();

/// Columns that tables of results are folded to: the same, but reports::formats::kUnlimited where standard output is
/// not a terminal, so that a program finds a row on one line.
std::size_t table_width();

enum class Style { Bold, Green, Red, Yellow };

/// True on a terminal, unless NO_COLOR is set or TERM is "dumb" or missing.
bool colours_welcome();

/// `text` with the style's escape sequences where colours are welcome.
std::string styled(std::string_view text, Style style);

}  // namespace harness::cli
