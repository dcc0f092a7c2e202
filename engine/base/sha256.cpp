#include "engine/base/sha256.hpp"

#include <openssl/evp.h>

#include <array>
#include <memory>
#include <stdexcept>

#include "engine/base/hex.hpp"
#include "engine/base/parts.hpp"

namespace engine::base {
namespace {

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
    for_each_part(pieces, [&](std::span<const std::byte> part) {
        check(EVP_DigestUpdate(context.get(), part.data(), part.size()));
        hashed(part);
    });
    std::array<std::byte, 32> digest = {};
    check(EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr));
    return to_hex(digest);
}

}  // namespace engine::base
