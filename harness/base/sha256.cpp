#include "harness/base/sha256.hpp"

#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <vector>

#include "harness/base/work_error.hpp"

namespace harness::base {
namespace {

constexpr std::size_t kHashedBlock = std::size_t{1} << 16;

constexpr std::size_t kBytes = 32;
using Digest = std::array<unsigned char, kBytes>;

void check(bool done) {
    if (!done) throw WorkError("SHA-256 is not available in the installed OpenSSL");
}

/// OpenSSL's final step ends a context, so it is applied to a copy.
Digest digest_of(const EVP_MD_CTX* context) {
    const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> copy(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    Digest digest = {};
    unsigned length = 0;
    check(copy && EVP_MD_CTX_copy_ex(copy.get(), context) == 1 &&
          EVP_DigestFinal_ex(copy.get(), digest.data(), &length) == 1 && length == digest.size());
    return digest;
}

}  // namespace

void Sha256::Free::operator()(evp_md_ctx_st* context) const {
    EVP_MD_CTX_free(context);
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
    // Looking the algorithm up takes longer than hashing a short text, so it is done once and kept.
    static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    check(context_ && algorithm != nullptr && EVP_DigestInit_ex(context_.get(), algorithm, nullptr) == 1);
}

void Sha256::add(std::string_view bytes) {
    check(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
}

void Sha256::add(std::span<const std::byte> bytes) {
    check(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
}

std::string Sha256::hex() const {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const unsigned char byte : digest_of(context_.get())) {
        text += kDigits[byte >> 4U];
        text += kDigits[byte & 0xFU];
    }
    return text;
}

std::uint64_t Sha256::start() const {
    const Digest bytes = digest_of(context_.get());
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < sizeof value; ++i) value = value << 8U | bytes.at(i);
    return value;
}

std::string sha256_hex(std::string_view bytes) {
    Sha256 sum;
    sum.add(bytes);
    return sum.hex();
}

std::string sha256_of_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    Sha256 sum;
    std::vector<char> block(kHashedBlock);
    while (in) {
        in.read(block.data(), static_cast<std::streamsize>(block.size()));
        sum.add(std::string_view(block.data(), static_cast<std::size_t>(in.gcount())));
    }
    if (!in.eof()) throw WorkError(path + ": cannot be read");
    return sum.hex();
}

}  // namespace harness::base
