#include "reports/text/plain_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "reports/text/utf8.hpp"

namespace reports::text {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

struct Range {
    char32_t first;
    char32_t last;
};

template <std::size_t N>
bool contains(const std::array<Range, N>& ranges, char32_t point) {
    return std::any_of(ranges.begin(), ranges.end(),
                       [point](const Range& range) { return point >= range.first && point <= range.last; });
}

/// Invisible characters with an effect. Joiners (U+200C, U+200D) are not included: Persian and emoji need them.
constexpr std::array<Range, 12> kUnseen = {{{0x00, 0x1F},
                                            {0x7F, 0x9F},
                                            {0x061C, 0x061C},
                                            {0x180E, 0x180E},
                                            {0x200B, 0x200B},
                                            {0x200E, 0x200F},
                                            {0x2028, 0x202E},
                                            {0x2060, 0x206F},
                                            {0xFEFF, 0xFEFF},
                                            {0xFFF9, 0xFFFB},
                                            {0x1D173, 0x1D17A},
                                            {0xE0000, 0xE007F}}};

constexpr std::array<Range, 9> kCombining = {{{0x0300, 0x036F},
                                              {0x0483, 0x0489},
                                              {0x1AB0, 0x1AFF},
                                              {0x1DC0, 0x1DFF},
                                              {0x200C, 0x200D},
                                              {0x20D0, 0x20FF},
                                              {0x3099, 0x309A},
                                              {0xFE00, 0xFE0F},
                                              {0xFE20, 0xFE2F}}};

/// Blocks whose characters are Wide or Fullwidth in Unicode's EastAsianWidth table.
constexpr std::array<Range, 13> kWide = {{{0x1100, 0x115F},
                                          {0x2E80, 0x303E},
                                          {0x3041, 0x33FF},
                                          {0x3400, 0x4DBF},
                                          {0x4E00, 0x9FFF},
                                          {0xA000, 0xA4CF},
                                          {0xAC00, 0xD7A3},
                                          {0xF900, 0xFAFF},
                                          {0xFE30, 0xFE6F},
                                          {0xFF00, 0xFF60},
                                          {0xFFE0, 0xFFE6},
                                          {0x1F300, 0x1FAFF},
                                          {0x20000, 0x3FFFD}}};

/// Valid bytes after a lead byte: their number, and the bounds of the first of them, which exclude overlong forms,
/// surrogates and code points beyond U+10FFFF (Unicode 15, table 3-7).
struct Sequence {
    std::size_t following;
    unsigned char low;
    unsigned char high;
};

Sequence sequence_of(unsigned char lead) {
    if (lead >= 0xC2 && lead <= 0xDF) return {1, 0x80, 0xBF};
    if (lead == 0xE0) return {2, 0xA0, 0xBF};
    if (lead == 0xED) return {2, 0x80, 0x9F};
    if (lead >= 0xE1 && lead <= 0xEF) return {2, 0x80, 0xBF};
    if (lead == 0xF0) return {3, 0x90, 0xBF};
    if (lead >= 0xF1 && lead <= 0xF3) return {3, 0x80, 0xBF};
    if (lead == 0xF4) return {3, 0x80, 0x8F};
    return {0, 0, 0};
}

/// Removes and returns the first character of `text`, which is not empty.
char32_t take_point(std::string_view& text) {
    const auto byte = [&text](std::size_t index) { return static_cast<unsigned char>(text[index]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) {
        text.remove_prefix(1);
        return lead;
    }
    const Sequence sequence = sequence_of(lead);
    char32_t point = lead & (0x3F >> sequence.following);
    std::size_t used = 1;
    while (used <= sequence.following && used < text.size()) {
        const unsigned char low = used == 1 ? sequence.low : 0x80;
        const unsigned char high = used == 1 ? sequence.high : 0xBF;
        if (byte(used) < low || byte(used) > high) break;
        point = (point << 6) | (byte(used) & 0x3F);
        ++used;
    }
    const bool whole = sequence.following > 0 && used == sequence.following + 1;
    text.remove_prefix(used);
    return whole ? point : kReplacement;
}

std::string utf8(char32_t point) {
    const auto tail = [point](unsigned shift) { return static_cast<char>(0x80 | ((point >> shift) & 0x3F)); };
    if (point < 0x80) return {static_cast<char>(point)};
    if (point < 0x800) return {static_cast<char>(0xC0 | (point >> 6)), tail(0)};
    if (point < 0x10000) return {static_cast<char>(0xE0 | (point >> 12)), tail(6), tail(0)};
    return {static_cast<char>(0xF0 | (point >> 18)), tail(12), tail(6), tail(0)};
}

std::size_t width_of(char32_t point) {
    return contains(kWide, point) ? 2 : contains(kCombining, point) ? 0 : 1;
}

/// Removes and returns the printable ASCII that `text` begins with: most of most texts, and never changed.
std::string_view take_plain(std::string_view& text) {
    const auto end = std::find_if(text.begin(), text.end(), [](char c) { return c < 0x20 || c > 0x7E; });
    const std::string_view plain = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(plain.size());
    return plain;
}

/// Whether "www" precedes index `end`, in any case.
bool ends_with_www(std::string_view text, std::size_t end) {
    const std::string_view before = text.substr(0, end);
    return before.size() >= 3 &&
           std::all_of(before.end() - 3, before.end(), [](char c) { return c == 'w' || c == 'W'; });
}

}  // namespace

std::string valid_utf8(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (out += take_plain(text); !text.empty(); out += take_plain(text)) out += utf8(take_point(text));
    return out;
}

std::string visible(std::string_view text, Lines lines) {
    std::string out;
    out.reserve(text.size());
    for (out += take_plain(text); !text.empty(); out += take_plain(text)) {
        const char32_t point = take_point(text);
        const bool kept = lines == Lines::Keep && (point == '\n' || point == '\t');
        if (!kept && contains(kUnseen, point)) {
            out += fmt::format("\\u{{{:X}}}", static_cast<std::uint32_t>(point));
        } else {
            out += utf8(point);
        }
    }
    return out;
}

std::string html_text(std::string_view text) {
    std::string out;
    for (const char c : visible(text, Lines::Keep)) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: out += c;
        }
    }
    return out;
}

std::string markdown_text(std::string_view text) {
    const std::string line = visible(text, Lines::Escape);
    std::string out;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const std::string_view rest = std::string_view(line).substr(i);
        // "://", "www." and "@" make links even without brackets.
        const bool address = rest.substr(0, 3) == "://" || (rest[0] == '.' && ends_with_www(line, i));
        if (address || std::string_view("\\`|*_~<>[]&#$!@").find(rest[0]) != std::string_view::npos) out += '\\';
        out += rest[0];
    }
    return out;
}

std::string shortened(std::string_view text, std::size_t columns) {
    std::string line = visible(text, Lines::Escape);
    if (display_width(line) <= columns) return line;
    std::string_view rest = line;
    std::string kept;
    for (std::size_t width = 1;;) {  // one column for the ellipsis
        const char32_t point = take_point(rest);
        width += width_of(point);
        if (width > columns) return kept + "…";
        kept += utf8(point);
    }
}

std::size_t display_width(std::string_view text) {
    std::size_t width = take_plain(text).size();
    for (; !text.empty(); width += take_plain(text).size()) width += width_of(take_point(text));
    return width;
}

}  // namespace reports::text
