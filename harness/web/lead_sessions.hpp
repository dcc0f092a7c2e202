#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <unordered_map>

#include "harness/web/message.hpp"
#include "harness/web/secrets.hpp"

namespace harness::web {

/// Who is signed in as the lead. Sessions are in memory only: a restart ends them. Safe on any thread.
class LeadSessions {
public:
    explicit LeadSessions(Passphrase passphrase) : passphrase_(std::move(passphrase)) {}

    /// The secret of a new session; empty: wrong passphrase. Slow on purpose, see Passphrase.
    std::string sign_in(const std::string& passphrase);
    void sign_out(const std::string& secret);
    bool is_signed_in(const std::string& secret);
    /// "Basic ..." of any user with the passphrase, for programs that read /metrics. Slow at the first time only.
    bool is_authorised(const std::string& authorization);

private:
    using Time = std::chrono::steady_clock::time_point;

    Passphrase passphrase_;
    std::mutex mutex_;
    std::unordered_map<std::string, Time> ends_;  ///< by SHA-256 of the secret
    std::string good_authorization_;              ///< SHA-256 of one that was right
};

}  // namespace harness::web
