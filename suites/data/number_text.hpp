#pragma once

#include <string>
#include <string_view>

namespace suites::data {

/// A double as Python's repr() writes it: the shortest text that reads back as the same, with a point or an exponent.
std::string python_number(double value);

/// Whether a double says all that the text of a number says, so that printing the double loses nothing. True for "1.10"
/// and "1e2", false for "0.12345678901234567890". False for all integers, which are here only when they are too large
/// for 64 bits: Python keeps those as they are.
bool keeps_digits(std::string_view text, double value);

}  // namespace suites::data
