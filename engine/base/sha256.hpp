#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>

namespace engine::base {

/// SHA-256 as 64 lower-case hexadecimal digits. Throws std::runtime_error when OpenSSL fails.
std::string sha256_hex(std::span<const std::byte> bytes);
/// SHA-256 of the concatenated pieces. `hashed` is called with each part of at most 8 MiB when it is not needed any
/// more.
std::string sha256_hex(
    std::span<const std::span<const std::byte>> pieces,
    const std::function<void(std::span<const std::byte>)>& hashed = [](std::span<const std::byte>) {});

}  // namespace engine::base
