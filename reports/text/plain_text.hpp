#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace reports::text {

/// What becomes of line feeds and tabs, the two control characters that a block of text may keep.
enum class Lines { Keep, Escape };

/// Hostile bytes as text that shows what is there: valid UTF-8, in which ill-formed sequences (overlong, surrogates,
/// beyond U+10FFFF, cut off) are U+FFFD, one for each maximal subpart (Unicode 15, section 3.9), and characters that
/// act without being seen - C0 and C1 controls, direction and zero-width controls, line and paragraph separators, tags
/// - are written as \u{202E}. Every text that a report shows goes through here.
std::string visible(std::string_view text, Lines lines);

/// `visible` with & < > " ' as character references: safe between tags and in quoted attributes. Keeps lines.
std::string html_text(std::string_view text);

/// `visible` on one line, with a backslash before everything that Markdown or HTML could read as markup, a table's pipe
/// and the marks of addresses that become links included.
std::string markdown_text(std::string_view text);

/// `visible` on one line, its end cut off with an ellipsis where it takes more than `columns`, which is at least 1.
std::string shortened(std::string_view text, std::size_t columns);

/// Columns that `visible` text takes in a terminal: two for wide East Asian characters and emoji, none for combining
/// marks, else one.
std::size_t display_width(std::string_view text);

}  // namespace reports::text
