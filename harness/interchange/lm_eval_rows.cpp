#include "harness/interchange/lm_eval_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "harness/interchange/lm_eval_sample.hpp"

namespace harness::interchange {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

bool is_blank(std::string_view text) {
    return text.find_first_not_of(kBlanks) == std::string_view::npos;
}

/// The index after the JSON string whose opening quote is at `at`.
std::size_t end_of_text(std::string_view row, std::size_t at) {
    for (++at; at < row.size() && row[at] != '"'; ++at) at += row[at] == '\\' ? 1 : 0;
    return std::min(at + 1, row.size());
}

void for_each_line(std::string_view text, const std::function<void(std::string_view, std::size_t)>& each) {
    std::size_t number = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string_view line = text.substr(at, end - at);
        at = end + 1;
        ++number;
        if (!is_blank(line)) each(line, number);
    }
}

/// `text` begins with the list's bracket. Entries are cut out without parsing, so that only one at a time is in memory.
void for_each_entry(std::string_view text, const std::string& path,
                    const std::function<void(std::string_view, std::size_t)>& each) {
    std::size_t number = 0;
    std::size_t depth = 0;
    std::size_t begin = 1;
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        if (c == '"') {
            at = end_of_text(text, at);
            continue;
        }
        if (c == '[' || c == '{') ++depth;
        if (c == ']' || c == '}') --depth;
        if (depth == 0 || (depth == 1 && c == ',')) {
            const std::string_view entry = text.substr(begin, at - begin);
            if (depth == 1 || number > 0 || !is_blank(entry)) each(entry, ++number);
            begin = at + 1;
        }
        ++at;
        if (depth > 0) continue;
        if (!is_blank(text.substr(at))) throw InterchangeError(path + ": text follows the end of the list of samples");
        return;
    }
    throw InterchangeError(fmt::format("{}: the list of samples does not end; is the file complete?", path));
}

constexpr std::size_t kEscape = 6;  // characters of \uD83D

/// The code unit of an escape such as \uD83D at the start of `text`; 0 for everything else.
unsigned escaped_unit(std::string_view text) {
    unsigned unit = 0;
    if (text.size() < kEscape || !text.starts_with("\\u")) return 0;
    const auto [end, error] = std::from_chars(text.data() + 2, text.data() + kEscape, unit, 16);
    return error == std::errc() && end == text.data() + kEscape ? unit : 0;
}

bool is_high(unsigned unit) {
    return unit >= 0xD800 && unit <= 0xDBFF;
}

bool is_low(unsigned unit) {
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

/// Replaces lone surrogates, which Python writes, by U+FFFD. `text` is a JSON string with its quotes.
std::string without_lone_surrogates(std::string_view text) {
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
        const unsigned unit = escaped_unit(text.substr(at));
        std::size_t taken = text[at] == '\\' ? 2 : 1;
        if (is_high(unit) && is_low(escaped_unit(text.substr(std::min(text.size(), at + kEscape))))) {
            taken = 2 * kEscape;
        } else if (is_high(unit) || is_low(unit)) {
            result += "\\uFFFD";
            at += kEscape;
            continue;
        }
        result += text.substr(at, taken);
        at += taken;
    }
    return result;
}

}  // namespace

void for_each_sample(std::string_view text, const std::string& path,
                     const std::function<void(std::string_view sample, std::size_t number)>& each) {
    const std::size_t first = text.find_first_not_of(kBlanks);
    if (first != std::string_view::npos && text[first] == '[') {
        for_each_entry(text.substr(first), path, each);
    } else {
        for_each_line(text, each);
    }
}

std::string plain_json(std::string_view python_json) {
    const auto has = [python_json](std::string_view part) { return python_json.find(part) != std::string_view::npos; };
    if (!has("NaN") && !has("Infinity") && !has("\\ud") && !has("\\uD")) return std::string(python_json);
    std::string result;
    result.reserve(python_json.size());
    for (std::size_t at = 0; at < python_json.size();) {
        const std::string_view rest = python_json.substr(at);
        if (rest[0] == '"') {
            const std::size_t end = end_of_text(python_json, at);
            result += without_lone_surrogates(python_json.substr(at, end - at));
            at = end;
            continue;
        }
        constexpr std::array<std::string_view, 3> kNumbers = {"-Infinity", "Infinity", "NaN"};
        const auto* const number = std::find_if(kNumbers.begin(), kNumbers.end(),
                                                [rest](std::string_view name) { return rest.starts_with(name); });
        if (number == kNumbers.end()) {
            result += rest[0];
            ++at;
        } else {
            result += fmt::format("\"{}\"", *number);
            at += number->size();
        }
    }
    return result;
}

}  // namespace harness::interchange
