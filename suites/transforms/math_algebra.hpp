#pragma once

#include <optional>
#include <string_view>

namespace suites::transforms {

/// Whether two LaTeX expressions have the same value, whatever their variables are; nullopt where one of them is not
/// read here, has none or is too large for a double. Read are numbers, one-letter variables, \pi, + - * / ^ and
/// factorials of small numbers, \cdot \times \div, \frac, \sqrt with and without an index, braces, parentheses, bars,
/// and \sin \cos \tan \ln \log of what follows. What stands beside each other is a product: 1\frac{1}{4} is a quarter,
/// as for sympy. Decimal numbers are compared digit by digit; else values at four fixed points of complex arithmetic
/// decide, to thirteen digits: different expressions that agree there are none that answers are.
std::optional<bool> equal_values(std::string_view left, std::string_view right);

}  // namespace suites::transforms
