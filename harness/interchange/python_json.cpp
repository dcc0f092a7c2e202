#include "harness/interchange/python_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "harness/base/json_append.hpp"
#include "harness/interchange/json_writing.hpp"
#include "suites/row.hpp"

namespace harness::interchange {
namespace {

using nlohmann::ordered_json;

/// The two libraries write numbers differently (threshold of the exponent, rarely the last digit). Of numbers kept as
/// text (suites/row.hpp), Python reads a decimal as a double and keeps an integer.
std::string scalar(const ordered_json& value) {
    if (value.is_number_float()) return python_number(value.get<double>());
    std::string text = suites::row_text(value);
    const bool decimal = value.is_binary() && text.find_first_of(".eE") != std::string::npos;
    return decimal ? python_number(std::strtod(text.c_str(), nullptr)) : text;
}

void write(const ordered_json& value, std::size_t depth, std::string& text) {
    if (!value.is_structured() || value.empty()) {
        if (value.is_string()) {
            base::append_json(text, value.get_ref<const std::string&>());
        } else {
            text += scalar(value);
        }
        return;
    }
    bool first = true;
    const auto begin_line = [&] {
        text += first ? "\n" : ",\n";
        text.append(2 * (depth + 1), ' ');
        first = false;
    };
    if (value.is_object()) {
        text += '{';
        for (const auto& [key, member] : members_of(value)) {
            begin_line();
            base::append_json(text, key);
            text += ": ";
            write(member, depth + 1, text);
        }
    } else {
        text += '[';
        for (const ordered_json& element : value) {
            begin_line();
            write(element, depth + 1, text);
        }
    }
    text += '\n';
    text.append(2 * depth, ' ');
    text += value.is_object() ? '}' : ']';
}

struct Range {
    char32_t first, last;
};
/// Characters that str.isprintable() rejects: controls, formats, separators, surrogates and private-use characters.
constexpr std::array kUnprintable = {
    Range{0x00, 0x1F},     Range{0x7F, 0xA0},       Range{0xAD, 0xAD},     Range{0x600, 0x605},   Range{0x61C, 0x61C},
    Range{0x6DD, 0x6DD},   Range{0x70F, 0x70F},     Range{0x1680, 0x1680}, Range{0x180E, 0x180E}, Range{0x2000, 0x200F},
    Range{0x2028, 0x202F}, Range{0x205F, 0x206F},   Range{0x3000, 0x3000}, Range{0xD800, 0xF8FF}, Range{0xFEFF, 0xFEFF},
    Range{0xFFF9, 0xFFFB}, Range{0xE0000, 0x10FFFF}};

bool is_printable(char32_t point) {
    return std::none_of(kUnprintable.begin(), kUnprintable.end(),
                        [point](const Range& range) { return point >= range.first && point <= range.last; });
}

/// The first character of UTF-8 text, and its number of bytes.
std::pair<char32_t, std::size_t> character(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text[0]);
    const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t point = size == 1 ? lead : lead & (0x7FU >> size);
    for (std::size_t i = 1; i < std::min(size, text.size()); ++i)
        point = (point << 6) | (static_cast<unsigned char>(text[i]) & 0x3F);
    return {point, std::min(size, text.size())};
}

std::string escaped(char32_t point, char quote) {
    const auto number = static_cast<std::uint32_t>(point);
    switch (point) {
        case '\n': return "\\n";
        case '\r': return "\\r";
        case '\t': return "\\t";
        case '\\': return "\\\\";
        default: break;
    }
    if (number == static_cast<unsigned char>(quote)) return {'\\', quote};
    if (is_printable(point)) return "";
    if (number <= 0xFF) return fmt::format("\\x{:02x}", number);
    return number <= 0xFFFF ? fmt::format("\\u{:04x}", number) : fmt::format("\\U{:08x}", number);
}

std::string string_repr(const std::string& text) {
    const bool single = text.find('\'') != std::string::npos && text.find('"') == std::string::npos;
    const char quote = single ? '"' : '\'';
    std::string result(1, quote);
    for (std::size_t at = 0; at < text.size();) {
        const auto [point, size] = character(std::string_view(text).substr(at));
        const std::string escape = escaped(point, quote);
        result += escape.empty() ? text.substr(at, size) : escape;
        at += size;
    }
    return result + quote;
}

}  // namespace

std::string python_number(double value) {
    if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
    std::string text = fmt::format("{}", value);
    return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
}

std::string python_repr(const ordered_json& value) {
    if (value.is_null()) return "None";
    if (value.is_boolean()) return value.get<bool>() ? "True" : "False";
    if (value.is_string()) return string_repr(value.get<std::string>());
    if (!value.is_structured()) return scalar(value);
    std::string text;
    for (const auto& [key, member] : value.items()) {
        text += text.empty() ? "" : ", ";
        if (value.is_object()) text += string_repr(key) + ": ";
        text += python_repr(member);
    }
    return value.is_array() ? "[" + text + "]" : "{" + text + "}";
}

std::string python_json(const ordered_json& value) {
    std::string text;
    write(value, 0, text);
    return text;
}

}  // namespace harness::interchange
