#include "harness/interchange/python_json.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "suites/row.hpp"

namespace harness::interchange {
namespace {

using nlohmann::ordered_json;

/// Numbers are where the two libraries differ, by the threshold of the exponent and in rare last digits. Of those that
/// are kept as text (suites/row.hpp) Python reads a decimal as a double and keeps an integer.
std::string scalar(const ordered_json& value) {
    if (value.is_number_float()) return python_number(value.get<double>());
    std::string text = suites::row_text(value);
    const bool decimal = value.is_binary() && text.find_first_of(".eE") != std::string::npos;
    return decimal ? python_number(std::strtod(text.c_str(), nullptr)) : text;
}

void write(const ordered_json& value, std::size_t depth, std::string& text) {
    const std::string line = "\n" + std::string(2 * (depth + 1), ' ');
    if (!value.is_structured() || value.empty()) {
        text += scalar(value);
        return;
    }
    text += value.is_array() ? '[' : '{';
    bool first = true;
    for (const auto& [key, member] : value.items()) {
        text += (first ? "" : ",") + line;
        first = false;
        if (value.is_object())
            text += ordered_json(key).dump(-1, ' ', false, ordered_json::error_handler_t::replace) + ": ";
        write(member, depth + 1, text);
    }
    text += "\n" + std::string(2 * depth, ' ') + (value.is_array() ? ']' : '}');
}

}  // namespace

std::string python_number(double value) {
    if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
    std::string text = fmt::format("{}", value);
    return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
}

std::string python_json(const ordered_json& value) {
    std::string text;
    write(value, 0, text);
    return text;
}

}  // namespace harness::interchange
