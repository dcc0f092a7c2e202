#pragma once

#include <string_view>

namespace suites {

/// Whether two LaTeX expressions have the same value, whatever their variables are. Read are numbers, one-letter
/// variables, \pi, + - * / ^ and factorials of small numbers, \cdot \times \div, \frac, \sqrt with and without an
/// index, braces, parentheses, bars, and \sin \cos \tan \ln \log of what follows. False where one of them is anything
/// else. Decided by values at four fixed points of complex arithmetic, to nine digits: different expressions that agree
/// there are none that answers are.
bool equal_expressions(std::string_view left, std::string_view right);

}  // namespace suites
