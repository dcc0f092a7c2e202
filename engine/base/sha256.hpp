#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace engine::base {

/// SHA-256 as 64 lower-case hexadecimal digits. Throws std::runtime_error when OpenSSL fails.
std::string sha256_hex(std::span<const std::byte> bytes);
/// SHA-256 of the concatenated pieces.
std::string sha256_hex(std::span<const std::span<const std::byte>> pieces);

}  // namespace engine::base
