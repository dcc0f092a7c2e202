#pragma once

#include <string>
#include <string_view>

namespace suites::transforms {

/// Python's str.lower. Bytes that are not UTF-8 stay as they are.
std::string lower_case(std::string_view text);
/// Python's str.capitalize: the first character in title case, the rest lower-cased; likewise.
std::string capitalize(std::string_view text);

}  // namespace suites::transforms
