#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// What the standard streams are connected to: how wide it is, and what it understands.
namespace harness::cli {

enum class Stream { Output, Error };

/// True where a line can be redrawn: a terminal whose TERM is neither missing nor "dumb".
bool is_terminal(Stream stream);

/// Columns: $COLUMNS, or the terminal's own number; none where there is no terminal.
std::optional<std::size_t> terminal_width(Stream stream);

/// Columns that tables on standard output are folded to. Where it is not a terminal, `plain`, by default
/// reports::formats::kUnlimited, so that a program finds a row on one line.
std::size_t table_width(std::size_t plain = 0);

enum class Style { Bold, Green, Red, Yellow };

/// `text` with the style's escape sequences on a terminal, unless $NO_COLOR is set (no-color.org).
std::string styled(std::string_view text, Style style, Stream stream = Stream::Output);

}  // namespace harness::cli
