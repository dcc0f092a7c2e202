#pragma once

#include <optional>
#include <string_view>

namespace suites::transforms {

/// Whether two LaTeX expressions have the same value for all values of their variables; nullopt when one of them cannot
/// be parsed here, has no value or is too large for a double. Supported: numbers, one-letter variables, \pi, + - * / ^,
/// factorials of small numbers, \cdot \times \div, \frac, \sqrt with and without an index, braces, parentheses, bars,
/// and \sin \cos \tan \ln \log. Adjacent factors are multiplied: 1\frac{1}{4} is a quarter, as in sympy. Decimal
/// numbers are compared digit by digit; other expressions are evaluated at four fixed complex points and compared to
/// thirteen digits, since different expressions in real answers do not agree there.
std::optional<bool> equal_values(std::string_view left, std::string_view right);

}  // namespace suites::transforms
