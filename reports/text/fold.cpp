#include "reports/text/fold.hpp"

#include "reports/text/plain_text.hpp"

namespace reports::text {
namespace {

/// Bytes of the first character of `text`, which is `visible` text, so well-formed.
std::size_t character_bytes(std::string_view text) {
    std::size_t bytes = 1;
    while (bytes < text.size() && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) ++bytes;
    return bytes;
}

/// End of the first line of `text`; the rest is not empty.
struct Break {
    std::size_t end = 0;   ///< end of the line
    std::size_t next = 0;  ///< start of the next line
};

Break first_break(std::string_view text, std::size_t columns) {
    constexpr std::string_view kJoints = ",_-/";
    std::size_t width = 0;
    Break blank;
    Break joint;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t bytes = character_bytes(text.substr(at));
        const std::size_t wide = display_width(text.substr(at, bytes));
        if (text[at] == ' ' && at > 0) blank = {at, at + 1};
        if (width + wide > columns) break;
        width += wide;
        at += bytes;
        if (kJoints.find(text[at - 1]) != std::string_view::npos) joint = {at, at};
    }
    if (at == text.size()) return {at, at};
    if (blank.end > 0) return blank;
    if (joint.end > 0) return joint;
    return {at, at};
}

}  // namespace

std::vector<std::string> folded(std::string_view line, std::size_t columns) {
    std::vector<std::string> lines;
    do {
        const Break found = first_break(line, columns);
        lines.emplace_back(line.substr(0, found.end));
        line.remove_prefix(found.next);
    } while (!line.empty());
    return lines;
}

}  // namespace reports::text
