#include "harness/web/lead_sessions.hpp"

#include "harness/base/base64.hpp"
#include "harness/base/random_hex.hpp"
#include "harness/base/sha256.hpp"

namespace harness::web {
namespace {

constexpr std::chrono::hours kSessionLength(12);
constexpr std::size_t kSecretBytes = 32;
constexpr std::string_view kBasic = "Basic ";

}  // namespace

std::string LeadSessions::sign_in(const std::string& passphrase) {
    if (!passphrase_.is(passphrase)) return "";
    std::string secret = base::random_hex(kSecretBytes);
    const auto now = std::chrono::steady_clock::now();
    const std::lock_guard lock(mutex_);
    std::erase_if(ends_, [now](const auto& entry) { return entry.second < now; });
    ends_.emplace(base::sha256_hex(secret), now + kSessionLength);
    return secret;
}

void LeadSessions::sign_out(const std::string& secret) {
    const std::lock_guard lock(mutex_);
    ends_.erase(base::sha256_hex(secret));
}

bool LeadSessions::is_signed_in(const std::string& secret) {
    if (secret.empty()) return false;
    const std::lock_guard lock(mutex_);
    const auto found = ends_.find(base::sha256_hex(secret));
    return found != ends_.end() && found->second >= std::chrono::steady_clock::now();
}

bool LeadSessions::is_authorised(const std::string& authorization) {
    if (!authorization.starts_with(kBasic)) return false;
    const std::string digest = base::sha256_hex(authorization);
    {
        const std::lock_guard lock(mutex_);
        if (!good_authorization_.empty() && are_equal(good_authorization_, digest)) return true;
    }
    const auto pair = base::from_base64(std::string_view(authorization).substr(kBasic.size()));
    const std::size_t colon = pair ? pair->find(':') : std::string::npos;
    if (colon == std::string::npos || !passphrase_.is(pair->substr(colon + 1))) return false;
    const std::lock_guard lock(mutex_);
    good_authorization_ = digest;
    return true;
}

}  // namespace harness::web
