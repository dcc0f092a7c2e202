#pragma once

#include <string>
#include <string_view>

namespace reports::text {

/// The text with every ill-formed sequence of bytes (overlong, surrogate, truncated) replaced by U+FFFD; other
/// characters stay as they are. Defined with the decoder, in plain_text.cpp.
std::string valid_utf8(std::string_view text);

}  // namespace reports::text
