#include "engine/base/gmac.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <memory>
#include <stdexcept>

#include "engine/base/hex.hpp"
#include "engine/base/parts.hpp"

namespace engine::base {
namespace {

void check(bool done) {
    if (!done) throw std::runtime_error("GMAC is not available in this OpenSSL");
}

const unsigned char* octets(std::span<const std::byte> bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

}  // namespace

MacKey random_key() {
    MacKey key = {};
    if (RAND_bytes(reinterpret_cast<unsigned char*>(key.data()), static_cast<int>(key.size())) != 1)
        throw std::runtime_error("the system has no random bytes");
    return key;
}

std::string gmac_hex(const MacKey& key, std::span<const std::span<const std::byte>> pieces,
                     const std::function<void(std::span<const std::byte>)>& read) {
    const std::unique_ptr<EVP_MAC, void (*)(EVP_MAC*)> gmac(EVP_MAC_fetch(nullptr, "GMAC", nullptr), EVP_MAC_free);
    check(gmac != nullptr);
    const std::unique_ptr<EVP_MAC_CTX, void (*)(EVP_MAC_CTX*)> context(EVP_MAC_CTX_new(gmac.get()), EVP_MAC_CTX_free);
    check(context != nullptr);
    std::string cipher = "AES-128-GCM";
    std::array<unsigned char, 12> nonce = {};  // one text per key needs no other
    const std::array<OSSL_PARAM, 3> parameters = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, cipher.data(), 0),
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_IV, nonce.data(), nonce.size()), OSSL_PARAM_construct_end()};
    check(EVP_MAC_init(context.get(), octets(key), key.size(), parameters.data()) == 1);
    for_each_part(pieces, [&](std::span<const std::byte> part) {
        check(EVP_MAC_update(context.get(), octets(part), part.size()) == 1);
        read(part);
    });
    std::array<std::byte, 16> code = {};
    std::size_t size = 0;
    check(EVP_MAC_final(context.get(), reinterpret_cast<unsigned char*>(code.data()), &size, code.size()) == 1 &&
          size == code.size());
    return to_hex(code);
}

}  // namespace engine::base
