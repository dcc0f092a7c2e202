#pragma once

#include <cstddef>
#include <string_view>

namespace engine::formats {

/// Length in bytes of the well-formed UTF-8 character at the start of `text`; 0 when there is none. Overlong forms,
/// surrogates and code points above U+10FFFF are not well-formed.
std::size_t character_length(std::string_view text);

bool is_utf8(std::string_view text);

}  // namespace engine::formats
