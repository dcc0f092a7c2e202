#pragma once

#include <string>
#include <string_view>

namespace suites::transforms {

/// Python's str.lower. Invalid UTF-8 bytes are not changed.
std::string lower_case(std::string_view text);
/// Python's str.capitalize: the first character in title case, the rest in lower case. Invalid UTF-8 bytes are not
/// changed.
std::string capitalize(std::string_view text);

}  // namespace suites::transforms
