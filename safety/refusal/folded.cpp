#include "safety/refusal/folded.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "safety/code_point.hpp"

namespace safety::refusal {
namespace {

void append_utf8(char32_t value, std::string& text) {
    const auto put = [&](char32_t byte) { text += static_cast<char>(byte); };
    if (value < 0x80) return put(value);
    if (value < 0x800) {
        put(0xC0 | value >> 6);
    } else if (value < 0x10000) {
        put(0xE0 | value >> 12);
        put(0x80 | (value >> 6 & 0x3F));
    } else {
        put(0xF0 | value >> 18);
        put(0x80 | (value >> 12 & 0x3F));
        put(0x80 | (value >> 6 & 0x3F));
    }
    put(0x80 | (value & 0x3F));
}

bool in(char32_t value, char32_t first, char32_t last) {
    return value >= first && value <= last;
}

/// What replaces a code point that means the same as another text; ends of sentences get the space that Chinese and
/// Japanese leave out.
struct Replacement {
    char32_t from;
    std::string_view to;
};

constexpr auto kReplacements = std::to_array<Replacement>({
    {U'\u2019', "'"},      {U'\u2018', "'"},      {U'\u02BC', "'"},      {U'\u00B4', "'"},      {U'`', "'"},
    {U'\u201C', "\""},     {U'\u201D', "\""},     {U'\u201E', "\""},     {U'\u00AB', "\""},     {U'\u00BB', "\""},
    {U'\u300C', "\""},     {U'\u300D', "\""},     {U'\u300E', "\""},     {U'\u300F', "\""},     {U'\u2013', "-"},
    {U'\u2014', " - "},    {U'\u2015', " - "},    {U'\u2010', "-"},      {U'\u2011', "-"},      {U'\u2026', "... "},
    {U'\u3002', ". "},     {U'\u0964', ". "},     {U'\uFF01', "! "},     {U'\uFF1F', "? "},     {U'\u061F', "? "},
    {U'\u060C', ","},      {U'\u061B', ";"},      {U'\u3001', ","},      {U'\uFF0C', ","},      {U'\uFF1A', ": "},
    {U'\uFF1B', "; "},     {U'\u0153', "oe"},     {U'\u0152', "oe"},     {U'\u00E6', "ae"},     {U'\u00C6', "ae"},
    {U'\u00DF', "ss"},     {U'\u0451', "\u0435"}, {U'\u0401', "\u0435"}, {U'\u0623', "\u0627"}, {U'\u0625', "\u0627"},
    {U'\u0622', "\u0627"},
});

/// Latin-1 letters from U+00C0 without their accents; ' ' marks those that stay as they are.
constexpr std::string_view kLatin1 = "aaaaaa ceeeeiiii nooooo ouuuuy  ";

bool is_space(char32_t value) {
    return value <= 0x20 || value == 0x7F || value == 0x85 || value == 0xA0 || value == 0x1680 ||
           in(value, 0x2000, 0x200A) || value == 0x2028 || value == 0x2029 || value == 0x202F || value == 0x205F ||
           value == 0x3000;
}

/// Invisible marks, and marks that are written or left out at will: accents, Arabic vowel signs, zero-width spaces.
/// The zero-width joiners stay out too, although Hindi has them: both spellings are common.
bool is_dropped(char32_t value) {
    return in(value, 0x200B, 0x200F) || in(value, 0x202A, 0x202E) || in(value, 0x2060, 0x2064) || value == 0xFEFF ||
           value == 0xAD || in(value, 0x300, 0x36F) || in(value, 0x64B, 0x652) || value == 0x640 ||
           in(value, 0xFE00, 0xFE0F);
}

bool is_letter(char32_t value) {
    if (value < 0x80) return in(value, '0', '9') || in(value, 'a', 'z') || in(value, 'A', 'Z');
    if (value < 0xC0) return value == 0xAA || value == 0xB5 || value == 0xBA;
    const bool is_symbol = value == 0xD7 || value == 0xF7 || in(value, 0x2000, 0x2BFF) || in(value, 0x3000, 0x3004) ||
                           in(value, 0x3008, 0x3020) || in(value, 0xE000, 0xF8FF) || in(value, 0xFE10, 0xFE6F) ||
                           in(value, 0xFFF0, 0xFFFF) || in(value, 0x1F000, 0x1FAFF);
    return !is_symbol && value < 0xE0000;
}

/// Appends the folded form of a code point that is neither white space nor markup.
void fold_into(char32_t value, std::string& text) {
    if (is_dropped(value)) return;
    if (value < 0x80 && value != '`') {
        text += static_cast<char>(value >= 'A' && value <= 'Z' ? value + 32 : value);
        return;
    }
    const auto* found = std::find_if(kReplacements.begin(), kReplacements.end(),
                                     [value](const Replacement& each) { return each.from == value; });
    if (found != kReplacements.end()) {
        text += found->to;
        return;
    }
    if (in(value, 0xFF01, 0xFF5E)) return fold_into(value - 0xFEE0, text);  // full-width ASCII
    if (in(value, 0xC0, 0xFF)) {
        const char letter = kLatin1[(value - 0xC0) % 32];
        if (letter != ' ') {
            text += letter;
            return;
        }
    }
    if (in(value, 0x410, 0x42F)) value += 0x20;  // Cyrillic capitals
    append_utf8(value, text);
}

/// Markup that stands for white space or a character; names are in lower case.
constexpr auto kMarkup = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"<br>", "\n"},
    {"<br/>", "\n"},
    {"<br />", "\n"},
    {"<p>", "\n"},
    {"</p>", "\n"},
    {"<li>", "\n- "},
    {"</li>", "\n"},
    {"&nbsp;", " "},
    {"&#39;", "'"},
    {"&rsquo;", "'"},
    {"&quot;", "\""},
});

bool starts_with_folded(std::string_view text, std::string_view lower) {
    if (text.size() < lower.size()) return false;
    return std::equal(lower.begin(), lower.end(), text.begin(), [](char want, char have) {
        return want == (have >= 'A' && have <= 'Z' ? static_cast<char>(have + 32) : have);
    });
}

/// One pass over an answer.
class Folder {
public:
    explicit Folder(std::string_view answer) : answer_(answer) {}

    Folded run() {
        while (at_ < answer_.size()) step();
        folded_.origins.push_back(static_cast<std::uint32_t>(answer_.size()));
        return std::move(folded_);
    }

private:
    void append(std::string_view part) {
        folded_.text += part;
        folded_.origins.resize(folded_.text.size(), static_cast<std::uint32_t>(at_));
    }
    bool at_line_start() const { return folded_.text.empty() || folded_.text.back() == '\n'; }

    bool markup() {
        if (answer_[at_] != '<' && answer_[at_] != '&') return false;
        for (const auto& [name, meaning] : kMarkup) {
            if (!starts_with_folded(answer_.substr(at_), name)) continue;
            append(meaning);
            at_ += name.size();
            return true;
        }
        return false;
    }

    /// Markdown: emphasis goes, a bullet becomes "- ", a heading or quotation loses its sign.
    bool markdown(char32_t value) {
        if (value == '#' || value == '>') {
            if (!at_line_start()) return false;
            at_ += 1;
            return true;
        }
        const bool is_bullet = value == '*' || value == 0x2022 || value == 0x25CF || value == 0x30FB;
        if (is_bullet && at_line_start()) {
            const std::size_t bytes = value == '*' ? 1 : 3;
            const char after = at_ + bytes < answer_.size() ? answer_[at_ + bytes] : ' ';
            if (value != '*' || after == ' ' || after == '\t') append("- ");
            at_ += bytes;
            return true;
        }
        if (value != '*' && value != '_') return false;
        at_ += 1;
        return true;
    }

    void white_space(char32_t value) {
        const bool is_break = value == '\n' || value == '\r' || value == 0x2028 || value == 0x2029 || value == 0x85;
        if (is_break) {
            append("\n");
        } else if (!at_line_start() && folded_.text.back() != ' ') {
            append(" ");
        }
    }

    void step() {
        const CodePoint point = next_code_point(answer_.substr(at_));
        if (markup() || markdown(point.value)) return;
        if (point.value == kInvalidCodePoint) {
            ++folded_.invalid;
            ++folded_.visible;
            append(" ");
        } else if (is_space(point.value)) {
            white_space(point.value);
        } else {
            if (!is_dropped(point.value)) ++folded_.visible;
            if (is_letter(point.value) && !is_dropped(point.value)) ++folded_.letters;
            std::string form;
            fold_into(point.value, form);
            append(form);
        }
        at_ += point.bytes;
    }

    std::string_view answer_;
    std::size_t at_ = 0;
    Folded folded_;
};

Scripts scripts_of(char32_t value) {
    if (in(value, 'a', 'z')) return kLatin;
    if (in(value, 0x400, 0x52F)) return kCyrillic;
    if (in(value, 0x600, 0x6FF)) return kArabic;
    if (in(value, 0x900, 0x97F)) return kDevanagari;
    if (in(value, 0x3041, 0x30FF)) return kKana;
    if (in(value, 0x3400, 0x9FFF) || in(value, 0x20000, 0x2FFFF)) return kHan;
    return 0;
}

}  // namespace

Folded fold(std::string_view answer) {
    return Folder(answer).run();
}

std::string fold_letters(std::string_view phrase) {
    std::string text;
    while (!phrase.empty()) {
        const CodePoint point = next_code_point(phrase);
        fold_into(point.value == kInvalidCodePoint ? U' ' : point.value, text);
        phrase.remove_prefix(point.bytes);
    }
    return text;
}

Scripts scripts_of(std::string_view folded) {
    Scripts scripts = 0;
    while (!folded.empty()) {
        const CodePoint point = next_code_point(folded);
        scripts |= scripts_of(point.value);
        folded.remove_prefix(point.bytes);
    }
    return (scripts & kKana) != 0 ? scripts & ~kHan : scripts;
}

}  // namespace safety::refusal
