#include "engine/base/sha256.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>
#include <string_view>

namespace engine::base {
namespace {

constexpr std::size_t kPart = std::size_t{8} << 20;

void check(int result) {
    if (result != 1) throw std::runtime_error("SHA-256 is not available in this OpenSSL");
}

}  // namespace

std::string sha256_hex(std::span<const std::byte> bytes) {
    return sha256_hex(std::span(&bytes, 1));
}

std::string sha256_hex(std::span<const std::span<const std::byte>> pieces,
                       const std::function<void(std::span<const std::byte>)>& hashed) {
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    check(EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr));
    for (const std::span<const std::byte> piece : pieces) {
        for (std::size_t at = 0; at < piece.size(); at += kPart) {
            const std::span<const std::byte> part = piece.subspan(at, std::min(kPart, piece.size() - at));
            check(EVP_DigestUpdate(context.get(), part.data(), part.size()));
            hashed(part);
        }
    }
    std::array<unsigned char, 32> digest = {};
    check(EVP_DigestFinal_ex(context.get(), digest.data(), nullptr));
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const unsigned char byte : digest) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

}  // namespace engine::base
