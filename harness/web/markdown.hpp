#pragma once

#include <string>
#include <string_view>

namespace harness::web {

/// A hostile text in Markdown (CommonMark with GitHub's tables and strikethrough) as HTML that shows and does nothing:
/// - raw HTML is shown as text
/// - links and images become their text, followed by their address as text
/// - characters that act without being seen are shown as \u{202E}
/// - line breaks stay; headings get the levels from `first_heading` on without gaps, so that a screen reader's outline
/// of the page
///   stays whole.
/// A text beyond kMaxMarkdown, or with more table cells than a person reads, is shown as it is.
std::string markdown_html(std::string_view text, int first_heading = 3);

/// The same text as it is, escaped, its line breaks kept. A line of more than a page gets further ones.
std::string plain_html(std::string_view text);

/// [bytes] Sixteen times what Llama 2 can answer. The library's time grows with the square of some texts.
inline constexpr std::size_t kMaxMarkdown = std::size_t{64} << 10;

}  // namespace harness::web
