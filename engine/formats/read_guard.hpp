#pragma once

#include <cstddef>
#include <span>

namespace engine::formats {

/// Keeps reads of a mapping from ending the process. Where a page cannot be had, because the file was shortened or its
/// disk failed, the kernel sends SIGBUS. A handler then puts zeros in place of the rest of the mapping and notes it, so
/// that the reading code goes on to its next check and fails there like for any other damage.
///
/// Chosen because the readers are many and some are not ours (OpenSSL, the software driver, worker threads): a jump out
/// of the handler would leave their locks held, and looking at the file's size before or after a read leaves a gap in
/// between. Copying the file instead would take its size in memory for embedding rows that are hardly read.
class ReadGuard {
public:
    /// Watches `mapping`, which must be mapped as long as this object lives. Thread-safe.
    explicit ReadGuard(std::span<const std::byte> mapping);
    ReadGuard(const ReadGuard&) = delete;
    ReadGuard& operator=(const ReadGuard&) = delete;
    ~ReadGuard();

    /// Whether zeros were read in place of the file's bytes.
    bool failed() const noexcept;

    struct Entry;

private:
    Entry* entry_;
};

}  // namespace engine::formats
