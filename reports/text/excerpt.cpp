#include "reports/text/excerpt.hpp"

#include <algorithm>

#include "reports/text/plain_text.hpp"

namespace reports::text {
namespace {

/// Text shown before and after the place. [bytes]
constexpr std::size_t kBefore = 30;
constexpr std::size_t kAfter = 50;

bool inside_character(std::string_view text, std::size_t at) {
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

}  // namespace

std::string excerpt(std::string_view text, std::size_t at) {
    std::size_t from = at > kBefore ? at - kBefore : 0;
    for (int step = 0; step < 3 && from > 0 && inside_character(text, from); ++step) --from;
    std::size_t end = std::min(text.size(), from + kBefore + kAfter);
    for (int step = 0; step < 3 && inside_character(text, end); ++step) ++end;
    std::string shown;
    for (std::size_t begin = from; begin < end;) {
        const std::size_t line = std::min(text.find('\n', begin), end);
        shown += visible(text.substr(begin, line - begin), Lines::Escape);
        if (line < end) shown += "\\n";
        begin = line + 1;
    }
    return (from > 0 ? "...\"" : "\"") + shown + (end < text.size() ? "\"..." : "\"");
}

std::size_t parting(std::string_view first, std::string_view second) {
    const std::size_t shared = std::min(first.size(), second.size());
    const auto place =
        std::mismatch(first.begin(), first.begin() + static_cast<std::ptrdiff_t>(shared), second.begin());
    return static_cast<std::size_t>(place.first - first.begin());
}

std::vector<std::string> excerpts(const std::vector<std::string>& texts) {
    std::size_t place = texts.empty() ? 0 : texts.front().size();
    for (const std::string& text : texts) place = std::min(place, parting(texts.front(), text));
    std::vector<std::string> shown;
    shown.reserve(texts.size());
    for (const std::string& text : texts) shown.push_back(excerpt(text, place));
    return shown;
}

}  // namespace reports::text
