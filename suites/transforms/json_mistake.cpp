#include "suites/json_mistake.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <utility>

#include "suites/text.hpp"

namespace suites {
namespace {

constexpr std::string_view kValue =
    "expected a value: an object, an array, a string in double quotes, a number, true, false or null";

constexpr std::size_t kMaxShown = 20;

bool is_continuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_word(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/// Reads a text as JSON up to its first mistake.
class Scanner {
public:
    explicit Scanner(std::string_view text) : text_(text) {}

    /// "line 2, column 9: ..."; empty if there is none.
    std::string first_mistake() {
        if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;  // a byte order mark
        while (read_next()) {
        }
        if (!mistake_) return "";
        const std::string_view before = text_.substr(0, mistake_->first);
        const auto line = std::count(before.begin(), before.end(), '\n') + 1;
        const std::string_view of_line = before.substr(before.rfind('\n') + 1);
        const auto column =
            of_line.size() - static_cast<std::size_t>(std::count_if(of_line.begin(), of_line.end(), is_continuation));
        return fmt::format("line {}, column {}: {}", line, column + 1, mistake_->second);
    }

private:
    enum class Next { Value, ValueOrEnd, Key, KeyOrEnd, Colon, CommaOrEnd, Nothing };

    bool fail(std::size_t at, std::string what) {
        mistake_ = {at, std::move(what)};
        return false;
    }

    /// "found 'tru', expected ...", for the word or character at this place.
    bool fail_found(std::string_view expected) {
        if (at_ >= text_.size()) return fail(at_, fmt::format("the text ends, {}", expected));
        std::size_t end = at_ + 1;
        if (is_word(text_[at_])) {
            while (end < text_.size() && end - at_ < kMaxShown && is_word(text_[end])) ++end;
        } else {
            while (end < text_.size() && is_continuation(text_[end])) ++end;
        }
        const std::string_view found = text_.substr(at_, end - at_);
        if (!is_utf8(found)) return fail_byte();
        const bool is_control = static_cast<unsigned char>(found[0]) < 0x20U;
        return fail(at_, is_control ? fmt::format("found the control character U+{:04X}, {}",
                                                  static_cast<unsigned>(found[0]), expected)
                                    : fmt::format("found '{}', {}", found, expected));
    }

    bool fail_byte() {
        return fail(at_, fmt::format("the byte 0x{:02X} is not UTF-8", static_cast<unsigned char>(text_[at_])));
    }

    /// What may stand here, after a value in an object or a list.
    std::string_view after_value() const { return open_.back() == '{' ? "expected ',' or '}'" : "expected ',' or ']'"; }

    /// Reads one token; false at the end of the text and at a mistake.
    bool read_next() {
        while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
        if (at_ == text_.size() && next_ == Next::Nothing) return false;
        const char c = at_ < text_.size() ? text_[at_] : '\0';
        switch (next_) {
            case Next::ValueOrEnd: return c == ']' ? close() : read_value("expected a value or ']'");
            case Next::Value: return read_value(kValue);
            case Next::KeyOrEnd: return c == '}' ? close() : read_key("expected a key in double quotes or '}'");
            case Next::Key: return read_key("expected a key in double quotes");
            case Next::Colon: return c == ':' ? step(Next::Value) : fail_found("expected ':' after the key");
            case Next::CommaOrEnd: return read_after_value(c);
            case Next::Nothing: break;
        }
        return fail_found("expected the end, as the value before it is complete");
    }

    bool step(Next next) {
        ++at_;
        next_ = next;
        return true;
    }

    bool open(char bracket, Next next) {
        open_ += bracket;
        return step(next);
    }

    bool close() {
        open_.pop_back();
        ++at_;
        return value_ends();
    }

    bool value_ends() {
        next_ = open_.empty() ? Next::Nothing : Next::CommaOrEnd;
        return true;
    }

    bool read_after_value(char c) {
        const bool in_object = open_.back() == '{';
        if (c == ',') return step(in_object ? Next::Key : Next::Value);
        return c == (in_object ? '}' : ']') ? close() : fail_found(after_value());
    }

    bool read_key(std::string_view expected) {
        if (at_ == text_.size() || text_[at_] != '"') return fail_found(expected);
        next_ = Next::Colon;
        return read_string();
    }

    bool read_value(std::string_view expected) {
        const char c = at_ < text_.size() ? text_[at_] : '\0';
        if (c == '{') return open(c, Next::KeyOrEnd);
        if (c == '[') return open(c, Next::ValueOrEnd);
        if (c == '"') return read_string() && value_ends();
        if (c == '-' || is_digit(c)) return read_number() && value_ends();
        return read_word(expected) && value_ends();
    }

    bool read_word(std::string_view expected) {
        std::size_t end = at_;
        while (end < text_.size() && is_word(text_[end])) ++end;
        const std::string_view word = text_.substr(at_, end - at_);
        if (word == "True" || word == "False" || word == "None")
            return fail_found(fmt::format("which is Python; JSON has {}", word == "None"   ? "null"
                                                                          : word == "True" ? "true"
                                                                                           : "false"));
        if (word != "true" && word != "false" && word != "null") return fail_found(expected);
        at_ = end;
        return true;
    }

    bool read_digits() {
        if (at_ == text_.size() || !is_digit(text_[at_])) return fail_found("expected a digit");
        while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
        return true;
    }

    bool is_here(std::string_view characters) const {
        return at_ < text_.size() && characters.find(text_[at_]) != std::string_view::npos;
    }

    bool read_number() {
        const std::size_t start = at_;
        if (is_here("-")) ++at_;
        const bool is_zero = is_here("0");
        const std::size_t first = at_;
        if (!read_digits()) return false;
        if (is_zero && at_ > first + 1) return fail(start, "a number does not begin with 0");
        if (is_here(".")) {
            ++at_;
            if (!read_digits()) return false;
        }
        if (is_here("eE")) {
            ++at_;
            if (is_here("+-")) ++at_;
            if (!read_digits()) return false;
        }
        const std::string number(text_.substr(start, at_ - start));
        if (std::isinf(std::strtod(number.c_str(), nullptr)))
            return fail(start,
                        fmt::format("the number {} is too large; the largest is 1.8e308", number.substr(0, kMaxShown)));
        return true;
    }

    bool read_string() {
        const std::size_t start = at_++;
        for (;;) {
            if (at_ == text_.size()) return fail(start, "the string that begins here does not end");
            const char c = text_[at_];
            if (c == '"') break;
            if (static_cast<unsigned char>(c) < 0x20U)
                return fail(at_,
                            fmt::format("a string holds the control character U+{0:04X}; JSON writes it \\u{0:04x}",
                                        static_cast<unsigned>(c)));
            if (!(c == '\\' ? read_escape() : read_character())) return false;
        }
        ++at_;
        return true;
    }

    bool read_character() {
        const auto lead = static_cast<unsigned char>(text_[at_]);
        const std::size_t length = lead < 0x80U ? 1 : lead < 0xE0U ? 2 : lead < 0xF0U ? 3 : 4;
        if (length > 1 && !is_utf8(text_.substr(at_, length))) return fail_byte();
        at_ += length;
        return true;
    }

    /// The code unit of \uXXXX at this place.
    std::optional<unsigned> code_unit() const {
        if (!text_.substr(at_).starts_with("\\u") || at_ + 6 > text_.size()) return std::nullopt;
        const std::string digits(text_.substr(at_ + 2, 4));
        if (digits.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) return std::nullopt;
        return static_cast<unsigned>(std::stoul(digits, nullptr, 16));
    }

    bool read_escape() {
        constexpr std::string_view kShort = "\"\\/bfnrt";
        const char kind = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
        if (kind != 'u') {
            at_ += 2;
            return kShort.find(kind) != std::string_view::npos ||
                   fail(at_ - 2, R"(a '\' in a string begins none of \" \\ \/ \b \f \n \r \t \uXXXX)");
        }
        const std::optional<unsigned> unit = code_unit();
        if (!unit) return fail(at_, "expected four hexadecimal digits after \\u");
        if (*unit >= 0xDC00U && *unit <= 0xDFFFU)
            return fail(at_, fmt::format("\\u{:04x} is the second half of a character without the first", *unit));
        const std::size_t start = at_;
        at_ += 6;
        if (*unit < 0xD800U || *unit > 0xDBFFU) return true;
        const std::optional<unsigned> second = code_unit();
        if (!second || *second < 0xDC00U || *second > 0xDFFFU)
            return fail(start, fmt::format("\\u{:04x} is the first half of a character without the second", *unit));
        at_ += 6;
        return true;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    Next next_ = Next::Value;
    std::string open_;  ///< brackets of the objects and lists around this place
    std::optional<std::pair<std::size_t, std::string>> mistake_;
};

}  // namespace

std::string json_mistake(std::string_view text) {
    return Scanner(text).first_mistake();
}

}  // namespace suites
