#include "harness/web/secrets.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <array>

#include "harness/base/usage_error.hpp"
#include "harness/base/work_error.hpp"

namespace harness::web {
namespace {

constexpr std::size_t kMinPassphrase = 8;
constexpr std::string_view kCsrfText = "bellwether csrf token";

void use_sodium() {
    static const bool kIsReady = sodium_init() >= 0;
    if (!kIsReady) throw base::WorkError("libsodium cannot be initialised: the system has no source of randomness");
}

}  // namespace

std::string csrf_token(std::string_view session_secret) {
    use_sodium();
    std::array<unsigned char, crypto_auth_hmacsha256_BYTES> digest = {};
    crypto_auth_hmacsha256_state state;
    const auto bytes = [](std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); };
    crypto_auth_hmacsha256_init(&state, bytes(session_secret), session_secret.size());
    crypto_auth_hmacsha256_update(&state, bytes(kCsrfText), kCsrfText.size());
    crypto_auth_hmacsha256_final(&state, digest.data());
    std::string text;
    for (const unsigned char byte : digest) text += fmt::format("{:02x}", byte);
    return text;
}

bool are_equal(std::string_view first, std::string_view second) {
    use_sodium();
    return first.size() == second.size() && sodium_memcmp(first.data(), second.data(), first.size()) == 0;
}

Passphrase::Passphrase(const std::string& text) {
    use_sodium();
    if (text.starts_with("$argon2id$")) {
        // Refused now rather than when the lead signs in.
        if (crypto_pwhash_str_needs_rehash(text.c_str(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                           crypto_pwhash_MEMLIMIT_INTERACTIVE) < 0) {
            throw base::UsageError(
                "the lead's passphrase file begins with $argon2id$ but is no Argon2id hash; 'argon2 SALT -id -e' "
                "prints one");
        }
        hash_ = text;
        return;
    }
    if (text.size() < kMinPassphrase)
        throw base::UsageError(
            fmt::format("the lead's passphrase has {} bytes; use {} or more", text.size(), kMinPassphrase));
    std::array<char, crypto_pwhash_STRBYTES> hash = {};
    if (crypto_pwhash_str(hash.data(), text.data(), text.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0) {
        throw base::WorkError("the passphrase cannot be hashed: 64 MiB of memory are not free");
    }
    hash_ = hash.data();
}

bool Passphrase::is(std::string_view candidate) const {
    return crypto_pwhash_str_verify(hash_.c_str(), candidate.data(), candidate.size()) == 0;
}

std::string random_passphrase() {
    use_sodium();
    constexpr std::string_view kLetters = "23456789abcdefghjkmnpqrstuvwxyz";  // none that look alike
    std::string text;
    for (int i = 0; i < 25; ++i) {
        if (i > 0 && i % 5 == 0) text += '-';
        text += kLetters[randombytes_uniform(kLetters.size())];
    }
    return text;
}

}  // namespace harness::web
