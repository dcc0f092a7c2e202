#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace reports::text {

/// How to treat line feeds and tabs, the two control characters that a block of text may keep.
enum class Lines { Keep, Escape };

/// Hostile bytes as valid, visible UTF-8. Ill-formed sequences (overlong, surrogates, beyond U+10FFFF, truncated)
/// become U+FFFD, one for each maximal subpart (Unicode 15, section 3.9). Characters that act without being seen - C0
/// and C1 controls, direction and zero-width controls, line and paragraph separators, tags - are written as \u{202E}.
/// Every text that a report shows goes through here.
std::string visible(std::string_view text, Lines lines);

/// `visible` with & < > " ' as character references: safe between tags and in quoted attributes. Keeps line breaks.
std::string html_text(std::string_view text);

/// `visible` on one line, with a backslash before everything that Markdown or HTML could read as markup, including a
/// table's pipe and the characters that turn addresses into links.
std::string markdown_text(std::string_view text);

/// `visible` on one line, truncated with an ellipsis if it is wider than `columns` (at least 1).
std::string shortened(std::string_view text, std::size_t columns);

/// Width of `visible` text in a terminal: two columns for wide East Asian characters and emoji, none for combining
/// marks, otherwise one.
std::size_t display_width(std::string_view text);

}  // namespace reports::text
