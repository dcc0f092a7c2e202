#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <span>
#include <string>

namespace engine::base {

/// Key of one GMAC. A key must not be used for a second text whose code an adversary sees.
using MacKey = std::array<std::byte, 16>;

/// Throws std::runtime_error when the system has no random bytes.
MacKey random_key();

/// Authentication code of the concatenated pieces (GMAC of NIST SP 800-38D with AES-128 and a nonce of zeros) as 32
/// lower-case hexadecimal digits. It takes less time than SHA-256, and nobody who does not know the key can make two
/// texts with the same code. `read` is called with each part of at most 8 MiB when it is not needed any more.
/// Throws std::runtime_error when OpenSSL fails.
std::string gmac_hex(
    const MacKey& key, std::span<const std::span<const std::byte>> pieces,
    const std::function<void(std::span<const std::byte>)>& read = [](std::span<const std::byte>) {});

}  // namespace engine::base
