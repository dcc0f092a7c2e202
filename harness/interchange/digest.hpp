#pragma once

#include <string>
#include <string_view>

namespace harness::interchange {

/// SHA-256 of a text, as 64 lower-case hexadecimal digits.
std::string digest(std::string_view text);

}  // namespace harness::interchange
