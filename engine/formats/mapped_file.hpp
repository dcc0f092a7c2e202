#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace engine::formats {

/// A file mapped read-only. Move-only; the bytes live as long as the object.
/// A file that another process shortens meanwhile ends this one with SIGBUS, as with any mapping.
class MappedFile {
public:
    /// Throws EngineError (Input) when the file cannot be opened, is not a regular file or is empty.
    explicit MappedFile(const std::string& path);
    MappedFile(MappedFile&& other) noexcept;
    MappedFile& operator=(MappedFile&& other) noexcept;
    ~MappedFile();

    std::span<const std::byte> bytes() const noexcept { return bytes_; }

private:
    std::span<const std::byte> bytes_;
};

}  // namespace engine::formats
