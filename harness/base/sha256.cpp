#include "harness/base/sha256.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <vector>

#include "harness/base/work_error.hpp"

namespace harness::base {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 16;

void check(bool done) {
    if (!done) throw WorkError("SHA-256 is not available in the installed OpenSSL");
}

}  // namespace

void Sha256::Free::operator()(evp_md_ctx_st* context) const {
    EVP_MD_CTX_free(context);
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
    check(context_ && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
}

void Sha256::add(std::string_view bytes) {
    check(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
}

void Sha256::add(std::span<const std::byte> bytes) {
    check(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
}

std::string Sha256::hex() const {
    // OpenSSL's final step ends a context, so it is applied to a copy.
    const std::unique_ptr<evp_md_ctx_st, Free> copy(EVP_MD_CTX_new());
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest = {};
    unsigned length = 0;
    check(copy && EVP_MD_CTX_copy_ex(copy.get(), context_.get()) == 1 &&
          EVP_DigestFinal_ex(copy.get(), digest.data(), &length) == 1);
    std::string text;
    for (const unsigned char byte : std::span(digest).first(length)) text += fmt::format("{:02x}", byte);
    return text;
}

std::uint64_t Sha256::start() const {
    constexpr std::size_t kDigits = 16;
    constexpr int kBase = 16;
    return std::stoull(hex().substr(0, kDigits), nullptr, kBase);
}

std::string sha256_hex(std::string_view bytes) {
    Sha256 sum;
    sum.add(bytes);
    return sum.hex();
}

std::string sha256_of_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    Sha256 sum;
    std::vector<char> block(kBlock);
    while (in) {
        in.read(block.data(), static_cast<std::streamsize>(block.size()));
        sum.add(std::string_view(block.data(), static_cast<std::size_t>(in.gcount())));
    }
    if (!in.eof()) throw WorkError(path + ": cannot be read");
    return sum.hex();
}

}  // namespace harness::base
