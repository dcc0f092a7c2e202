#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "engine/formats/read_guard.hpp"

namespace engine::formats {

/// A file mapped read-only. Move-only; the bytes live as long as the object.
class MappedFile {
public:
    /// Throws EngineError (Input) when the file cannot be opened, is not a regular file or is empty.
    explicit MappedFile(const std::string& path);
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;
    ~MappedFile();

    std::span<const std::byte> bytes() const noexcept { return bytes_; }

    /// Throws EngineError (Device) when the file was changed since it was opened: bytes read since then may be zeros if
    /// it was shortened or its disk failed, or new content if it was overwritten. Call it after reading, before the
    /// bytes are relied on.
    void check() const;

private:
    std::string path_;
    int descriptor_ = -1;  // for check(); the mapping needs none
    std::int64_t modified_ = 0;
    std::span<const std::byte> bytes_;
    std::unique_ptr<ReadGuard> guard_;
};

/// Takes the whole pages within a part of a mapped file out of the process's memory; they stay in the system's cache
/// and are mapped again when they are read.
void release_pages(std::span<const std::byte> part);

}  // namespace engine::formats
