#pragma once

#include <string>
#include <string_view>

namespace suites::data {

/// A double as written by Python's repr(): the shortest text that reads back as the same double, with a point or an
/// exponent.
std::string python_number(double value);

/// Whether `value` keeps all digits of the number `text`. True for "1.10" and "1e2", false for
/// "0.12345678901234567890". False for all integers: only integers beyond 64 bits get here, and Python keeps their
/// digits.
bool keeps_digits(std::string_view text, double value);

}  // namespace suites::data
