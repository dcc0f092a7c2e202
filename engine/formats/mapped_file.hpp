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

    /// Throws EngineError (Device) when the file is no longer what was opened: bytes that were read since may be zeros
    /// where it was shortened or its disk failed, or another file's where it was written over. To be called after
    /// reads, before anything rests on them.
    void check() const;

private:
    std::string path_;
    int descriptor_ = -1;  // for check(); the mapping needs none
    std::int64_t modified_ = 0;
    std::span<const std::byte> bytes_;
    std::unique_ptr<ReadGuard> guard_;
};

}  // namespace engine::formats
