#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "harness/download/download.hpp"

namespace harness::download {

/// The connection broke or stalled, or the server is busy: another try may succeed.
class LostConnection : public DownloadError {
public:
    using DownloadError::DownloadError;
};

/// What a server says before the body, redirections behind it.
struct Response {
    long status = 0;
    std::string content_range;
};

/// Takes an answer. What these throw ends the transfer and reaches the caller.
struct Receiver {
    std::function<void(const Response&)> begin;
    std::function<void(std::string_view)> append;
};

/// One HTTPS request for the bytes from `first` on; 0 asks without a Range. Throws LostConnection, and DownloadError
/// for what another try does not change: an address that is not https, a name that is not known, a certificate that is
/// not trusted, an answer that is not HTTP.
void transfer(const std::string& url, std::uint64_t first, const Settings& settings, const Receiver& receiver);

}  // namespace harness::download
