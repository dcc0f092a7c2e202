#pragma once

#include <cstddef>
#include <span>

namespace engine::formats {

/// Keeps reads of a mapped file from ending the process. When a page cannot be read, because the file was shortened or
/// its disk failed, the kernel sends SIGBUS. The handler then replaces the rest of the mapping by zeros and records the
/// failure, so that the reading code continues to its next check and fails there as for any damaged file.
///
/// Why this way: many readers are not our code (OpenSSL, the software driver, worker threads). Jumping out of the
/// handler would leave their locks held; checking the file's size before or after a read leaves a gap in between;
/// copying the file would need its size in memory for embedding rows that are rarely read.
class ReadGuard {
public:
    /// Watches `mapping`, which must stay mapped while this object lives. Thread-safe.
    explicit ReadGuard(std::span<const std::byte> mapping);
    ReadGuard(const ReadGuard&) = delete;
    ReadGuard& operator=(const ReadGuard&) = delete;
    ~ReadGuard();

    /// Whether zeros replaced bytes of the file.
    bool failed() const noexcept;

    struct Entry;

private:
    Entry* entry_;
};

}  // namespace engine::formats
