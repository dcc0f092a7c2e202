#include "suites/data/number_text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace suites::data {
namespace {

/// A decimal number: digits without leading and trailing zeros, times a power of ten.
struct Decimal {
    std::string digits;
    long long exponent = 0;

    bool operator==(const Decimal&) const = default;
};

Decimal decimal_of(std::string_view text) {
    Decimal decimal;
    if (text.starts_with('-')) text.remove_prefix(1);
    const std::size_t mark = text.find_first_of("eE");
    if (mark != std::string_view::npos) {
        std::string_view power = text.substr(mark + 1);
        if (power.starts_with('+')) power.remove_prefix(1);
        std::from_chars(power.data(), power.data() + power.size(), decimal.exponent);
        text = text.substr(0, mark);
    }
    const std::size_t point = text.find('.');
    for (const char one : text) {
        if (one != '.') decimal.digits += one;
    }
    if (point != std::string_view::npos) decimal.exponent -= static_cast<long long>(text.size() - point - 1);
    const std::size_t last = decimal.digits.find_last_not_of('0');
    if (last == std::string::npos) return {};
    decimal.exponent += static_cast<long long>(decimal.digits.size() - last - 1);
    decimal.digits.resize(last + 1);
    decimal.digits.erase(0, decimal.digits.find_first_not_of('0'));
    return decimal;
}

}  // namespace

std::string python_number(double value) {
    if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
    std::string text = fmt::format("{}", value);
    return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
}

bool keeps_digits(std::string_view text, double value) {
    if (text.find_first_of(".eE") == std::string_view::npos) return false;
    return decimal_of(text) == decimal_of(python_number(value));
}

}  // namespace suites::data
