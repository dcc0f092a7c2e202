#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace engine::base {

/// SHA-256 as 64 lower-case hexadecimal digits. Throws std::runtime_error when OpenSSL refuses.
std::string sha256_hex(std::span<const std::byte> bytes);
/// Of several pieces, as if they were one.
std::string sha256_hex(std::span<const std::span<const std::byte>> pieces);

}  // namespace engine::base
