#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// Properties of the standard streams: width and capabilities.
namespace harness::cli {

enum class Stream { Output, Error };

/// True if a line can be redrawn: a terminal whose TERM is neither missing nor "dumb".
bool is_terminal(Stream stream);

/// Columns: $COLUMNS, or the terminal's own number; nullopt where there is no terminal.
std::optional<std::size_t> terminal_width(Stream stream);

/// Columns that tables on standard output are wrapped to. Where it is not a terminal: `plain`, by default
/// reports::formats::kUnlimited, so that a program finds a row on one line.
std::size_t table_width(std::size_t plain = 0);

enum class Style { Bold, Green, Red, Yellow };

/// `text` with the style's escape sequences on a terminal, unless $NO_COLOR is set (no-color.org).
std::string styled(std::string_view text, Style style, Stream stream = Stream::Output);

}  // namespace harness::cli
