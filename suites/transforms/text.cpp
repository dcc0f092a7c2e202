#include "suites/transforms/text.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace suites {
namespace {

/// Letters `first`, `first + step` ... `last`, whose lower-case forms are `distance` further.
struct Capitals {
    std::uint32_t first, last, step;
    std::int32_t distance;
};

// Latin, Greek, Cyrillic and Armenian letters with one lower-case form, and letters that stand for others (units, Roman
// numerals, in circles, of full width).
constexpr std::array kCapitals = {
    Capitals{'A', 'Z', 1, 32},          Capitals{0xC0, 0xD6, 1, 32},        Capitals{0xD8, 0xDE, 1, 32},
    Capitals{0x100, 0x12E, 2, 1},       Capitals{0x132, 0x136, 2, 1},       Capitals{0x139, 0x147, 2, 1},
    Capitals{0x14A, 0x176, 2, 1},       Capitals{0x178, 0x178, 1, -121},    Capitals{0x179, 0x17D, 2, 1},
    Capitals{0x18F, 0x18F, 1, 202},     Capitals{0x1A0, 0x1A4, 2, 1},       Capitals{0x1AF, 0x1AF, 1, 1},
    Capitals{0x1CD, 0x1DB, 2, 1},       Capitals{0x1DE, 0x1EE, 2, 1},       Capitals{0x1F8, 0x21E, 2, 1},
    Capitals{0x222, 0x232, 2, 1},       Capitals{0x386, 0x386, 1, 38},      Capitals{0x388, 0x38A, 1, 37},
    Capitals{0x38C, 0x38C, 1, 64},      Capitals{0x38E, 0x38F, 1, 63},      Capitals{0x391, 0x3A1, 1, 32},
    Capitals{0x3A3, 0x3AB, 1, 32},      Capitals{0x400, 0x40F, 1, 80},      Capitals{0x410, 0x42F, 1, 32},
    Capitals{0x460, 0x480, 2, 1},       Capitals{0x48A, 0x4BE, 2, 1},       Capitals{0x4C1, 0x4CD, 2, 1},
    Capitals{0x4D0, 0x52E, 2, 1},       Capitals{0x531, 0x556, 1, 48},      Capitals{0x1E00, 0x1E94, 2, 1},
    Capitals{0x1E9E, 0x1E9E, 1, -7615}, Capitals{0x1EA0, 0x1EFE, 2, 1},     Capitals{0x1F08, 0x1F0F, 1, -8},
    Capitals{0x1F18, 0x1F1D, 1, -8},    Capitals{0x1F28, 0x1F2F, 1, -8},    Capitals{0x1F38, 0x1F3F, 1, -8},
    Capitals{0x1F48, 0x1F4D, 1, -8},    Capitals{0x1F59, 0x1F5F, 2, -8},    Capitals{0x1F68, 0x1F6F, 1, -8},
    Capitals{0x2126, 0x2126, 1, -7517}, Capitals{0x212A, 0x212A, 1, -8383}, Capitals{0x212B, 0x212B, 1, -8262},
    Capitals{0x2160, 0x216F, 1, 16},    Capitals{0x24B6, 0x24CF, 1, 26},    Capitals{0xFF21, 0xFF3A, 1, 32},
};

std::uint32_t lower(std::uint32_t point) {
    for (const Capitals& capitals : kCapitals) {
        if (point < capitals.first) break;
        if (point <= capitals.last && (point - capitals.first) % capitals.step == 0)
            return static_cast<std::uint32_t>(static_cast<std::int32_t>(point) + capitals.distance);
    }
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

/// Bytes of the character at the start of a text that is not empty; 0: what stands there is not UTF-8.
std::size_t valid_bytes(std::string_view text) {
    const auto byte = [text](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U; };
    const unsigned first = byte(0);
    if (first < 0x80U) return 1;
    if (first < 0xC2U || first > 0xF4U) return 0;
    const std::size_t size = first < 0xE0U ? 2 : first < 0xF0U ? 3 : 4;
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) return 0;
    }
    // Longer than needed, half of a surrogate pair, or beyond the last character.
    const bool outside = (first == 0xE0U && byte(1) < 0xA0U) || (first == 0xEDU && byte(1) > 0x9FU) ||
                         (first == 0xF0U && byte(1) < 0x90U) || (first == 0xF4U && byte(1) > 0x8FU);
    return outside ? 0 : size;
}

/// The character at the start of a text that is not empty, and its bytes. Of bytes that are not UTF-8, and of
/// characters of four bytes, 0 and one byte.
std::pair<std::uint32_t, std::size_t> code_point(std::string_view text) {
    const auto byte = [text](std::size_t at) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(text[at]));
    };
    const auto follows = [text](std::size_t at) { return at < text.size() && continues_character(text[at]); };
    if (byte(0) < 0x80U) return {byte(0), 1};
    if ((byte(0) & 0xE0U) == 0xC0U && follows(1)) return {(byte(0) & 0x1FU) << 6 | (byte(1) & 0x3FU), 2};
    if ((byte(0) & 0xF0U) == 0xE0U && follows(1) && follows(2))
        return {(byte(0) & 0x0FU) << 12 | (byte(1) & 0x3FU) << 6 | (byte(2) & 0x3FU), 3};
    return {0, 1};
}

void append_utf8(std::string& text, std::uint32_t point) {
    if (point < 0x80U) {
        text += static_cast<char>(point);
        return;
    }
    if (point < 0x800U) {
        text += static_cast<char>(0xC0U | point >> 6);
    } else {
        text += static_cast<char>(0xE0U | point >> 12);
        text += static_cast<char>(0x80U | (point >> 6 & 0x3FU));
    }
    text += static_cast<char>(0x80U | (point & 0x3FU));
}

/// The first character through one function, the others through another. Bytes that are not UTF-8 and characters of
/// four bytes stay as they are.
std::string changed(std::string_view text, std::uint32_t (*first)(std::uint32_t),
                    std::uint32_t (*others)(std::uint32_t)) {
    std::string result;
    auto* change = first;
    for (std::size_t at = 0; at < text.size();) {
        const auto [point, size] = code_point(text.substr(at));
        const std::uint32_t other = change(point);
        if (other == point) {
            result += text.substr(at, size);
        } else {
            append_utf8(result, other);
        }
        change = others;
        at += size;
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
        return is_ascii_digit(text[0]) || text[0] == '_' ||
               (lower(static_cast<unsigned char>(text[0])) >= 'a' && lower(static_cast<unsigned char>(text[0])) <= 'z');
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
    return changed(replaced(text, "\u0130", "i\u0307"), lower, lower);  // the one letter that becomes two
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
