#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace engine::base {

/// Two lower-case hexadecimal digits per byte.
std::string to_hex(std::span<const std::byte> bytes);
/// Fills `bytes` from two lower-case hexadecimal digits each; false when `text` is anything else.
bool from_hex(std::string_view text, std::span<std::byte> bytes);

}  // namespace engine::base
