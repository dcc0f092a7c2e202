#pragma once

#include <string>
#include <string_view>

namespace engine::formats {

/// Text from a file, made safe for a message: at most 80 bytes, with '?' for control characters and for bytes outside
/// ASCII.
std::string printable(std::string_view text);

}  // namespace engine::formats
