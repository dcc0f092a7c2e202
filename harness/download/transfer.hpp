#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "harness/download/download.hpp"

namespace harness::download {

/// The connection broke or stalled, or the server is busy: a retry may succeed.
class LostConnection : public DownloadError {
public:
    using DownloadError::DownloadError;
};

/// Status and headers of a server's final response, after redirections.
struct Response {
    long status = 0;
    std::string content_range;
};

/// Receives a response. Exceptions from these functions end the transfer and reach the caller.
struct Receiver {
    std::function<void(const Response&)> begin;
    std::function<void(std::string_view)> append;
};

/// Sends one HTTPS request for the bytes from `first` on; 0 sends no Range. Throws LostConnection, and DownloadError
/// for failures that a retry cannot change: an address that is not https, an unknown host name, an untrusted
/// certificate, a response that is not HTTP.
void transfer(const std::string& url, std::uint64_t first, const Settings& settings, const Receiver& receiver);

}  // namespace harness::download
