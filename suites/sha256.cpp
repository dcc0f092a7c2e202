#include "suites/sha256.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

#include "suites/error.hpp"

namespace suites {

std::string sha256_hex(std::string_view text) {
    std::array<unsigned char, 32> digest = {};
    if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
        throw SuiteError("SHA-256 is not available in this OpenSSL");
    return fmt::format("{:02x}", fmt::join(digest, ""));
}

}  // namespace suites
