#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "harness/base/work_error.hpp"

/// Downloads files of known size and checksum over HTTPS.
namespace harness::download {

/// The message names the address, the failure and what to do.
class DownloadError : public base::WorkError {
public:
    using base::WorkError::WorkError;
};

struct Settings {
    std::chrono::milliseconds connect_timeout = std::chrono::seconds(20);  ///< for name, proxy, connection and TLS
    std::chrono::milliseconds idle_timeout = std::chrono::seconds(30);     ///< max time without a received byte
    std::chrono::milliseconds back_off = std::chrono::seconds(1);          ///< before the first retry; doubles
    int retries = 3;                                                       ///< after a lost connection
    int redirects = 5;
    /// "http://HOST:PORT", used with CONNECT; "": no proxy. nullopt: as $HTTPS_PROXY, $ALL_PROXY and $NO_PROXY say.
    std::optional<std::string> proxy = std::nullopt;
};

/// A file to download, and its destination.
struct File {
    std::string url;  ///< https
    std::uint64_t bytes = 0;
    std::string sha256;  ///< lower case
    std::string path;    ///< the folder is created
};

/// Called with the number of bytes present, those of earlier calls included.
using Progress = std::function<void(std::uint64_t bytes)>;

/// Downloads the file to its path unless a file of this size and checksum exists; returns whether it downloaded. Bytes
/// are written to a temporary file beside it (base::PendingFile), which a later call continues (HTTP Range) and which
/// is renamed when size and SHA-256 match; if they do not, it is removed. The certificate is verified against the
/// system's store (or $SSL_CERT_FILE) and the host name; TLS 1.2 or later; redirections to https only. Throws
/// DownloadError, and base::WorkError when the disk fails.
bool download(const File& file, const Settings& settings = {}, const Progress& progress = {});

}  // namespace harness::download
