#include "suites/transforms/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace suites {
namespace {

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
    std::string result;
    std::size_t at = 0;
    for (std::size_t found = 0; (found = text.find(from, at)) != std::string_view::npos; at = found + from.size()) {
        result.append(text.substr(at, found - at)).append(to);
    }
    return result.append(text.substr(at));
}

/// Latin-1 letters and Latin Extended-A pairs, beside ASCII: what occurs in English data.
std::uint32_t lower(std::uint32_t point) {
    if ((point >= 'A' && point <= 'Z') || (point >= 0xC0 && point <= 0xDE && point != 0xD7)) return point + 32;
    const bool even_upper =
        (point >= 0x100 && point <= 0x12F) || (point >= 0x132 && point <= 0x137) || (point >= 0x14A && point <= 0x177);
    const bool odd_upper = (point >= 0x139 && point <= 0x148) || (point >= 0x179 && point <= 0x17E);
    if ((even_upper && point % 2 == 0) || (odd_upper && point % 2 == 1)) return point + 1;
    return point;
}

std::uint32_t title(std::uint32_t point) {
    if ((point >= 'a' && point <= 'z') || (point >= 0xE0 && point <= 0xFE && point != 0xF7)) return point - 32;
    const bool pair =
        (point >= 0x100 && point <= 0x12F) || (point >= 0x132 && point <= 0x148) || (point >= 0x14A && point <= 0x17E);
    if (pair && point != 0x131 && point != 0x138 && lower(point - 1) == point) return point - 1;
    return point;
}

}  // namespace

std::string strip(std::string_view text) {
    // UTF-8 of every character that Python's str.isspace accepts.
    constexpr std::array<std::string_view, 29> kSpaces = {
        " ",      "\t",     "\n",     "\v",     "\f",     "\r",     "\x1c",   "\x1d",   "\x1e",   "\x1f",
        "\u0085", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",
        "\u2007", "\u2008", "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};
    for (bool again = true; again;) {
        again = false;
        for (const std::string_view space : kSpaces) {
            for (; text.starts_with(space); again = true) text.remove_prefix(space.size());
            for (; text.ends_with(space); again = true) text.remove_suffix(space.size());
        }
    }
    return std::string(text);
}

std::string capitalize(std::string_view text) {
    std::string result;
    bool first = true;
    for (std::size_t at = 0; at < text.size();) {
        const auto byte = static_cast<unsigned char>(text[at]);
        const bool pair = (byte & 0xE0U) == 0xC0U && at + 1 < text.size();
        if (byte >= 0x80 && !pair) {
            result += text[at++];
            first = false;
            continue;
        }
        const std::uint32_t point =
            pair ? ((byte & 0x1FU) << 6) | (static_cast<unsigned char>(text[at + 1]) & 0x3FU) : byte;
        const std::uint32_t changed = first ? title(point) : lower(point);
        first = false;
        if (!pair) {
            result += static_cast<char>(changed);
        } else {
            result += static_cast<char>(0xC0U | (changed >> 6));
            result += static_cast<char>(0x80U | (changed & 0x3FU));
        }
        at += pair ? 2 : 1;
    }
    return result;
}

std::string words_of_name(std::string_view name) {
    std::string words(name);
    std::replace(words.begin(), words.end(), '_', ' ');
    return words;
}

std::string before_blank(std::string_view sentence) {
    return std::string(sentence.substr(0, sentence.find('_')));
}

std::string after_blank(std::string_view sentence) {
    const std::size_t blank = sentence.find('_');
    return blank == std::string_view::npos ? "" : strip(sentence.substr(blank + 1));
}

std::string hellaswag_text(std::string_view text) {
    std::string clean = replaced(strip(text), " [title]", ". ");
    std::string kept;
    for (std::size_t at = 0; at < clean.size();) {
        const std::size_t open = clean.find('[', at);
        const std::size_t close = open == std::string::npos ? open : clean.find(']', open);
        // A line break ends the reference's shortest match, as its dot does not cross one.
        const bool crosses = close != std::string::npos && clean.find('\n', open) < close;
        if (close == std::string::npos) {
            kept.append(clean, at);
            break;
        }
        kept.append(clean, at, open - at);
        if (crosses) kept += '[';
        at = crosses ? open + 1 : close + 1;
    }
    return replaced(kept, "  ", " ");
}

}  // namespace suites
