#include "suites/transforms/text.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace suites::transforms {
namespace {

// UTF-8 of every character that Python's str.isspace accepts.
constexpr std::array<std::string_view, 29> kSpaces = {
    " ",      "\t",     "\n",     "\v",     "\f",     "\r",     "\x1c",   "\x1d",   "\x1e",   "\x1f",
    "\u0085", "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",
    "\u2007", "\u2008", "\u2009", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};

/// Length in bytes of the white space character at the start; 0 when there is none.
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

/// Length in bytes of the first character of a non-empty text; 0 when it is not valid UTF-8.
std::size_t valid_bytes(std::string_view text) {
    const auto byte = [text](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U; };
    const unsigned first = byte(0);
    if (first < 0x80U) return 1;
    if (first < 0xC2U || first > 0xF4U) return 0;
    const std::size_t size = first < 0xE0U ? 2 : first < 0xF0U ? 3 : 4;
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) return 0;
    }
    // Overlong form, surrogate, or above U+10FFFF.
    const bool outside = (first == 0xE0U && byte(1) < 0xA0U) || (first == 0xEDU && byte(1) > 0x9FU) ||
                         (first == 0xF0U && byte(1) < 0x90U) || (first == 0xF4U && byte(1) > 0x8FU);
    return outside ? 0 : size;
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

std::string valid_utf8(std::string_view text) {
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t size = valid_bytes(text.substr(at));
        result += size == 0 ? "\uFFFD" : text.substr(at, size);
        at += std::max<std::size_t>(size, 1);
    }
    return result;
}

std::size_t first_character(std::string_view text) {
    std::size_t size = 1;
    while (size < text.size() && continues_character(text[size])) ++size;
    return size;
}

bool starts_with_word(std::string_view text) {
    static const RE2 kWord("^[\\pL\\pN_]");
    if (!text.empty() && static_cast<unsigned char>(text[0]) < 0x80U)
        return text[0] == '_' ||
               (static_cast<unsigned char>(text[0]) > ' ' && text[0] != 0x7F && !is_ascii_punctuation(text[0]));
    return RE2::PartialMatch(re2::StringPiece(text.data(), std::min<std::size_t>(text.size(), 4)), kWord);
}

std::size_t count_characters(std::string_view text) {
    return text.size() - static_cast<std::size_t>(std::count_if(text.begin(), text.end(), continues_character));
}

bool is_ascii_punctuation(char c) {
    return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

std::string strip(std::string_view text) {
    for (std::size_t size = 0; (size = leading_space(text)) != 0;) text.remove_prefix(size);
    return std::string(strip_end(text));
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

std::string words_of_name(std::string_view name) {
    std::string words(name);
    std::replace(words.begin(), words.end(), '_', ' ');
    return words;
}

namespace {

std::size_t find_blank(std::string_view sentence) {
    const std::size_t blank = sentence.find('_');
    if (blank == std::string_view::npos) throw std::invalid_argument("has no blank _ to be filled");
    return blank;
}

}  // namespace

std::string before_blank(std::string_view sentence) {
    return std::string(sentence.substr(0, find_blank(sentence)));
}

std::string after_blank(std::string_view sentence) {
    return strip(sentence.substr(find_blank(sentence) + 1));
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
        // The dot in the reference's pattern does not match a line break.
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

}  // namespace suites::transforms

namespace suites {

bool is_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t size = transforms::valid_bytes(text.substr(at));
        if (size == 0) return false;
        at += size;
    }
    return true;
}

std::vector<std::string> split_at_commas(std::string_view list) {
    std::vector<std::string> parts;
    for (std::size_t at = 0; at <= list.size();) {
        const std::size_t comma = std::min(list.find(',', at), list.size());
        parts.emplace_back(list.substr(at, comma - at));
        at = comma + 1;
    }
    return parts;
}

std::string_view take_line(std::string_view& rest) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    return line;
}

std::string_view strip_end(std::string_view text) {
    for (std::size_t size = 0; (size = transforms::trailing_space(text)) != 0;) text.remove_suffix(size);
    return text;
}

}  // namespace suites
