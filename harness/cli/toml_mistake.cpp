#include "harness/cli/toml_mistake.hpp"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <optional>

#include "suites/text.hpp"

namespace harness::cli {
namespace {

constexpr std::size_t kMaxShown = 30;

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

std::string_view without_blanks(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

std::string_view line_at(std::string_view text, std::size_t line) {
    for (std::size_t i = 1; i < line; ++i) suites::take_line(text);
    return text.substr(0, text.find('\n'));
}

/// The bytes of a line from a column, which counts characters.
std::string_view from_column(std::string_view line, std::size_t column) {
    const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
    std::size_t at = 0;
    for (std::size_t i = 1; i < column && at < line.size(); ++i) {
        ++at;
        while (at < line.size() && continues(line[at])) ++at;
    }
    return line.substr(at);
}

/// The word at the start of a text, for a message.
std::string found(std::string_view text) {
    text = without_blanks(text);
    if (text.empty()) return "the end of the line";
    std::size_t end = std::min(text.find_first_of(" \t\r,]}#="), text.size());
    end = std::max<std::size_t>(end, 1);
    if (end > kMaxShown) {
        end = kMaxShown;
        while (!suites::is_utf8(text.substr(0, end))) --end;
    }
    return fmt::format("'{}'", text.substr(0, end));
}

/// The length of the string at the start of `text`, quotes included; nullopt if it does not end.
std::optional<std::size_t> string_length(std::string_view text) {
    const char quote = text.front();
    for (std::size_t at = 1; at < text.size(); ++at) {
        if (quote == '"' && text[at] == '\\') {
            ++at;
        } else if (text[at] == quote) {
            return at + 1;
        }
    }
    return std::nullopt;
}

bool has_unknown_escape(std::string_view text) {
    if (text.front() != '"') return false;
    for (std::size_t at = 1; at + 1 < text.size() && text[at] != '"'; ++at) {
        if (text[at] != '\\') continue;
        if (std::string_view("btnfr\"\\uU").find(text[at + 1]) == std::string_view::npos) return true;
        ++at;
    }
    return false;
}

std::string mistake_in_string(std::string_view value) {
    if (has_unknown_escape(value))
        return "a '\\' inside double quotes begins none of \\b \\t \\n \\f \\r \\\" \\\\ \\uXXXX; write \\\\, or the "
               "string in single quotes";
    if (value.starts_with("\"\"\"") || value.starts_with("'''"))
        return "the text in three quotes does not end with three of the same quotes";
    const std::optional<std::size_t> length = string_length(value);
    if (!length) return fmt::format("the string {} does not end: expected {} after it", found(value), value.front());
    const std::string_view rest = without_blanks(value.substr(*length));
    if (rest.starts_with(','))
        return fmt::format("several values are an array: write [{}]",
                           value.substr(0, std::min(value.size(), kMaxShown)));
    if (rest.empty() || rest.starts_with('#'))
        return "a \\u inside double quotes needs the hexadecimal digits of a character: \\uXXXX or \\UXXXXXXXX";
    return fmt::format("found {} after the value, expected the end of the line", found(rest));
}

bool looks_like_number(std::string_view value) {
    const std::size_t at = value.find_first_not_of("+-.");
    return at != std::string_view::npos && value[at] >= '0' && value[at] <= '9';
}

std::string mistake_in_number(std::string_view value) {
    const std::size_t end = std::min(value.find_first_of(" \t\r,;#"), value.size());
    const std::string_view number = value.substr(0, end);
    const std::string_view rest = without_blanks(value.substr(end));
    if (number.find_first_not_of("+-0123456789._eE") != std::string_view::npos)
        return fmt::format("{} is neither a number nor a string; a string needs quotes: \"{}\"", found(number), number);
    const std::size_t digits = number.find_first_not_of("+-");
    if (number.find_first_of(".eE") == std::string_view::npos && number.size() - digits > 1 && number[digits] == '0')
        return fmt::format("the number {} begins with 0", found(number));
    constexpr std::size_t kDigits = 19;
    if (number.size() >= kDigits && number.find_first_not_of("+-0123456789") == std::string_view::npos)
        return fmt::format("the number {} is too large for TOML; write it in quotes", number.substr(0, kMaxShown));
    if (rest.starts_with(',')) return fmt::format("several values are an array: write [{}, ...]", number);
    if (!rest.empty() && !rest.starts_with('#'))
        return fmt::format("found {} after the value, expected the end of the line", found(rest));
    return fmt::format("{} is not a number; write it as 7, -7, 0.7 or 1e-3", found(number));
}

std::string mistake_in_value(std::string_view value, std::string_view stopped) {
    if (value.empty() || value.front() == '#') return "expected a value after '='; an empty string is \"\"";
    const char first = value.front();
    if (first == '"' || first == '\'') return mistake_in_string(value);
    if (first == '[' || first == '{')
        return fmt::format("found {}, expected ',' or '{}' in the {}", found(stopped), first == '[' ? ']' : '}',
                           first == '[' ? "array" : "table");
    if (looks_like_number(value)) return mistake_in_number(value);
    std::string word = found(value);
    for (const char* truth : {"true", "false"}) {
        if (!value.starts_with(truth)) continue;
        return fmt::format("found {} after the value, expected the end of the line",
                           found(value.substr(std::string_view(truth).size())));
    }
    if (word == "'True'" || word == "'False'") return fmt::format("found {}; TOML has true and false", word);
    if (word == "'null'" || word == "'None'" || word == "'nil'")
        return fmt::format("found {}; TOML has no such value: leave the line out for the default", word);
    return fmt::format("found {}, expected a value: a string in quotes, a number, true, false, or an array", word);
}

/// A line that is not a table's name: NAME = VALUE.
std::string mistake_in_pair(std::string_view line, std::string_view stopped) {
    const bool is_quoted = line.starts_with('"') || line.starts_with('\'');
    const std::size_t name_end = is_quoted ? string_length(line).value_or(line.size()) : 0;
    const std::size_t equals = line.find('=', name_end);
    const std::string_view name = without_blanks(line.substr(0, equals));
    if (is_quoted && name_end == line.size() && equals == std::string_view::npos && !string_length(line))
        return fmt::format("the name {} does not end: expected {} after it", found(line), line.front());
    if (name.empty()) return "expected a name before '=', as in limit = 5";
    if (!is_quoted && name.find(':') != std::string_view::npos)
        return "found ':', expected '=' after the name, as in limit = 5";
    if (equals == std::string_view::npos)
        return fmt::format("found {}, expected NAME = VALUE or [VERB]", found(stopped.empty() ? line : stopped));
    const bool is_name = is_quoted || name.find_first_not_of(
                                          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                          "0123456789_-. \t\"'") == std::string_view::npos;
    if (!is_name || name.starts_with('.') || name.ends_with('.') || name.find("..") != std::string_view::npos)
        return fmt::format("{} is not a name; names are of letters, digits, '-' and '_'", found(name));
    if (!is_quoted && name.find_first_of(" \t") != std::string_view::npos &&
        name.find_first_of(".\"'") == std::string_view::npos)
        return fmt::format("the name '{}' has a space; write one name before '='", name);
    return mistake_in_value(without_blanks(line.substr(equals + 1)), stopped);
}

std::string mistake_in_line(std::string_view line, std::string_view stopped) {
    return line.starts_with('[') ? "expected the name of a verb in brackets and nothing else, such as [run] or "
                                   "[suites.render]"
                                 : mistake_in_pair(line, stopped);
}

bool is_toml(std::string_view text) {
    try {
        static_cast<void>(toml::parse(text));
        return true;
    } catch (const toml::parse_error&) {
        return false;
    }
}

/// The last line before the end of `text` in which an array, a table or a string of several lines begins; 0 if none
/// does.
std::size_t open_since(std::string_view text) {
    std::size_t found = 0;
    for (std::size_t line = 1; !text.empty(); ++line) {
        const std::string_view whole = suites::take_line(text);
        const std::size_t equals = whole.find('=');
        if (equals == std::string_view::npos) continue;
        const std::string_view value = without_blanks(whole.substr(equals + 1));
        if (value.starts_with('[') || value.starts_with('{') || value.starts_with("\"\"\"") || value.starts_with("'''"))
            found = line;
    }
    return found;
}

/// The first byte that no TOML text holds, with its reason.
std::string wrong_byte(std::string_view line) {
    for (const char c : line) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte < 0x20 && c != '\t') || byte == 0x7F)
            return fmt::format("the control character U+{:04X} is not allowed here", byte);
    }
    return "";
}

}  // namespace

std::string toml_mistake(std::string_view text, TextPlace stopped) {
    std::string_view line = line_at(text, stopped.line);
    if (!suites::is_utf8(line)) return "the text is not UTF-8; save the file as UTF-8";
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (std::string byte = wrong_byte(line); !byte.empty()) return byte;
    const std::string_view rest = from_column(line, stopped.column);
    const std::string_view before = text.substr(0, static_cast<std::size_t>(line.data() - text.data()));
    if (const std::size_t start = open_since(before); start > 0 && !is_toml(before))
        return fmt::format("the value that begins in line {} is not complete here: found {}", start, found(rest));
    if (is_toml(line)) return "this name has a value in an earlier line already; keep one of the two";
    return mistake_in_line(without_blanks(line), rest);
}

}  // namespace harness::cli
