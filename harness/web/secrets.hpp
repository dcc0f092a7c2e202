#pragma once

#include <string>
#include <string_view>

/// Passphrases and tokens (libsodium).
namespace harness::web {

/// The token of a session's forms: HMAC-SHA-256 of a fixed text, keyed by the cookie's secret. It needs no storage, is
/// valid as long as the session, also after a restart, and does not tell the secret.
std::string csrf_token(std::string_view session_secret);

/// Compares in time that does not depend on where the strings differ.
bool are_equal(std::string_view first, std::string_view second);

/// A passphrase as an Argon2id hash.
class Passphrase {
public:
    /// `text`: the passphrase, or a line "$argon2id$..." as the program argon2 prints it. Throws base::UsageError when
    /// it is shorter than 8 bytes or a hash that cannot be read.
    explicit Passphrase(const std::string& text);

    /// Takes about a tenth of a second and 64 MiB. Safe on any thread.
    bool is(std::string_view candidate) const;

private:
    std::string hash_;
};

/// A passphrase nobody can guess: 5 groups of 5 letters and digits, 124 bits.
std::string random_passphrase();

}  // namespace harness::web
