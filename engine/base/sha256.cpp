#include "engine/base/sha256.hpp"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace engine::base {

std::string sha256_hex(std::span<const std::byte> bytes) {
    std::array<unsigned char, 32> digest = {};
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1) {
        throw std::runtime_error("SHA-256 is not available in this OpenSSL");
    }
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const unsigned char byte : digest) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

}  // namespace engine::base
