#include "harness/download/download.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <string_view>
#include <thread>

#include "harness/base/sha256.hpp"
#include "harness/download/part_file.hpp"
#include "harness/download/transfer.hpp"

namespace harness::download {
namespace {

/// Too many requests, or an error of the server.
bool may_pass(long status) {
    return status == 429 || (status >= 500 && status < 600);
}

bool is_there(const File& file) {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(file.path, error);
    return !error && size == file.bytes && base::sha256_of_file(file.path) == file.sha256;
}

/// Aligns the part with the start of the response. Throws for a response that is not a part of the file.
void begin(const File& file, const Response& response, PartFile& part) {
    if (response.status == 206) {
        const std::string start = fmt::format("bytes {}-", part.size());
        const std::string whole = fmt::format("/{}", file.bytes);
        const bool right = part.size() > 0 && response.content_range.starts_with(start) &&
                           (response.content_range.ends_with(whole) || response.content_range.ends_with("/*"));
        if (right) return;
        part.clear();
        throw LostConnection("the server sent another byte range than requested");
    }
    if (response.status == 416) {
        part.clear();
        throw LostConnection("the server has no such part");
    }
    if (may_pass(response.status)) throw LostConnection(fmt::format("the server answered {}", response.status));
    if (response.status != 200) {
        throw DownloadError(fmt::format("the server answered {}{}", response.status,
                                        response.status == 404 || response.status == 410
                                            ? ": the file is no longer there; get it elsewhere"
                                            : " instead of the file"));
    }
    part.clear();  // the server sends from the start
}

[[noreturn]] void refuse(const File& file, PartFile& part, const std::string& what) {
    const std::string sum = part.sha256();
    part.discard();
    throw DownloadError(
        fmt::format("{}: the SHA-256 is {} and should be {}; the download was removed. The server has another file, or "
                    "it was changed in transit: get it elsewhere",
                    what, sum, file.sha256));
}

/// Sends one request and appends the received bytes.
void fetch_rest(const File& file, const Settings& settings, const Progress& progress, PartFile& part) {
    const Receiver receiver{
        .begin = [&](const Response& response) { begin(file, response, part); },
        .append =
            [&](std::string_view bytes) {
                if (part.size() + bytes.size() > file.bytes)
                    refuse(file, part, fmt::format("more than the {} bytes of the file came", file.bytes));
                part.append(bytes);
                if (progress) progress(part.size());
            },
    };
    transfer(file.url, part.size(), settings, receiver);
}

void transfer_with_retries(const File& file, const Settings& settings, const Progress& progress, PartFile& part) {
    std::chrono::milliseconds pause = settings.back_off;
    for (int retry = 0;; ++retry) {
        try {
            return fetch_rest(file, settings, progress, part);
        } catch (const LostConnection& error) {
            // Some servers send no length and close without a TLS shutdown: the checksum decides.
            if (part.size() == file.bytes) return;
            if (retry >= settings.retries) {
                throw DownloadError(fmt::format(
                    "{}, at byte {} of {}, after {} retries; run the same command again: it continues at byte {}",
                    error.what(), part.size(), file.bytes, retry, part.size()));
            }
        }
        std::this_thread::sleep_for(pause);
        pause *= 2;
    }
}

void download_part(const File& file, const Settings& settings, const Progress& progress, PartFile& part) {
    const bool whole = part.size() == file.bytes && part.sha256() == file.sha256;
    if (!whole) {
        if (part.size() >= file.bytes) part.clear();
        transfer_with_retries(file, settings, progress, part);
        if (part.size() != file.bytes)
            refuse(file, part, fmt::format("received {} bytes instead of {}", part.size(), file.bytes));
        if (part.sha256() != file.sha256)
            refuse(file, part, fmt::format("received {} bytes, but not those expected", part.size()));
    }
    part.finish();
}

}  // namespace

bool download(const File& file, const Settings& settings, const Progress& progress) {
    if (is_there(file)) {
        if (progress) progress(file.bytes);
        return false;
    }
    try {
        PartFile part(file.path);
        download_part(file, settings, progress, part);
    } catch (const DownloadError& error) {
        throw DownloadError(fmt::format("{}: {}", file.url, error.what()));
    }
    return true;
}

}  // namespace harness::download
