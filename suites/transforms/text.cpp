#include "suites/transforms/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace suites {
namespace {

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

// UTF-8 of every character that Python's str.isspace accepts.
constexpr std::array<std::string_view, 29> kSpaces = {
    " ",      "\t",     "\n",     "\v",     "\f",     "\r",     "\x1c",   "\x1d",   "\x1e",   "\x1f",
    "\u0085", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",
    "\u2007", "\u2008", "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};

/// Bytes of the white space character at the start; 0: there is none.
std::size_t leading_space(std::string_view text) {
    const auto found = std::find_if(kSpaces.begin(), kSpaces.end(),
                                    [text](std::string_view space) { return text.starts_with(space); });
    return found == kSpaces.end() ? 0 : found->size();
}

std::size_t trailing_space(std::string_view text) {
    const auto found =
        std::find_if(kSpaces.begin(), kSpaces.end(), [text](std::string_view space) { return text.ends_with(space); });
    return found == kSpaces.end() ? 0 : found->size();
}

/// The first character through one function, the others through another. Bytes that are not UTF-8 and characters of
/// three and four bytes stay as they are.
std::string changed(std::string_view text, std::uint32_t (*first)(std::uint32_t),
                    std::uint32_t (*others)(std::uint32_t)) {
    std::string result;
    auto* change = first;
    for (std::size_t at = 0; at < text.size();) {
        const auto byte = static_cast<unsigned char>(text[at]);
        const bool pair = (byte & 0xE0U) == 0xC0U && at + 1 < text.size();
        if (pair) {
            const std::uint32_t point =
                change(((byte & 0x1FU) << 6) | (static_cast<unsigned char>(text[at + 1]) & 0x3FU));
            result += static_cast<char>(0xC0U | (point >> 6));
            result += static_cast<char>(0x80U | (point & 0x3FU));
        } else {
            result += byte < 0x80 ? static_cast<char>(change(byte)) : text[at];
        }
        change = others;
        at += pair ? 2 : 1;
    }
    return result;
}

}  // namespace

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
    std::string result;
    std::size_t at = 0;
    for (std::size_t found = 0; (found = text.find(from, at)) != std::string_view::npos; at = found + from.size()) {
        result.append(text.substr(at, found - at)).append(to);
    }
    return result.append(text.substr(at));
}

bool is_ascii_digit(char c) {
    return c >= '0' && c <= '9';
}

bool continues_character(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

std::size_t count_characters(std::string_view text) {
    return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues_character));
}

bool is_ascii_punctuation(char c) {
    return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

std::string strip(std::string_view text) {
    for (std::size_t size = 0; (size = leading_space(text)) != 0;) text.remove_prefix(size);
    for (std::size_t size = 0; (size = trailing_space(text)) != 0;) text.remove_suffix(size);
    return std::string(text);
}

std::vector<std::string> python_split(std::string_view text) {
    std::vector<std::string> pieces;
    std::size_t start = 0;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t space = at == text.size() ? 1 : leading_space(text.substr(at));
        if (space == 0) {
            ++at;
            continue;
        }
        if (at > start) pieces.emplace_back(text.substr(start, at - start));
        at += space;
        start = at;
    }
    return pieces;
}

std::string lower_case(std::string_view text) {
    return changed(text, lower, lower);
}
std::string capitalize(std::string_view text) {
    return changed(text, title, lower);
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

std::string before_last_word(std::string_view text) {
    const std::size_t space = text.rfind(' ');
    return space == std::string_view::npos ? "" : std::string(text.substr(0, space));
}

std::string last_word(std::string_view text) {
    const std::size_t space = text.rfind(' ');
    return std::string(space == std::string_view::npos ? text : text.substr(space + 1));
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
