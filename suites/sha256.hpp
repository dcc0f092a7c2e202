#pragma once

#include <string>
#include <string_view>

namespace suites {

/// SHA-256 in 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view text);

}  // namespace suites
