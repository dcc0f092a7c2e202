#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "harness/base/work_error.hpp"

/// Files over HTTPS whose size and checksum are known beforehand.
namespace harness::download {

/// The message names the address, what happened and what to do.
class DownloadError : public base::WorkError {
public:
    using base::WorkError::WorkError;
};

struct Settings {
    std::chrono::milliseconds connect_timeout = std::chrono::seconds(20);  ///< of name, proxy, connection and TLS
    std::chrono::milliseconds idle_timeout = std::chrono::seconds(30);     ///< without a byte
    std::chrono::milliseconds back_off = std::chrono::seconds(1);          ///< before the first retry; doubles
    int retries = 3;                                                       ///< after a lost connection
    int redirects = 5;
    /// "http://HOST:PORT", asked to CONNECT; "": none. Not set: as $HTTPS_PROXY, $ALL_PROXY and $NO_PROXY say.
    std::optional<std::string> proxy = std::nullopt;
};

/// What is wanted, and where it goes.
struct File {
    std::string url;  ///< https
    std::uint64_t bytes = 0;
    std::string sha256;  ///< lower case
    std::string path;    ///< its folder is made
};

/// Called with the bytes that are there, those of earlier calls included.
using Progress = std::function<void(std::uint64_t bytes)>;

/// Downloads the file to its path, unless one of this size and checksum is there; returns whether it had to. Bytes go
/// to a temporary file beside it (base::PendingFile), from whose end a later call continues (HTTP Range), and get their
/// name when size and SHA-256 are right; when they are wrong, the temporary file is removed. The certificate is
/// verified against the system's store (or $SSL_CERT_FILE) and the name of the host; TLS 1.2 at least; redirections to
/// https only. Throws DownloadError, and base::WorkError when the disk fails.
bool download(const File& file, const Settings& settings = {}, const Progress& progress = {});

}  // namespace harness::download
