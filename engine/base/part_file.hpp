#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace engine::base {

/// A file of a cache: written under a temporary name of its own, NAME.<8 random digits>.part, which finish() renames.
/// Writers of one name do not wait for each other; the last to finish stays. Without finish() the temporary file goes;
/// of a process that was killed, with the next writer of the name. Nothing is synced: who reads a cache checks it. All
/// throw std::runtime_error with the system's reason.
class PartFile {
public:
    /// Creates the folder if it is missing.
    explicit PartFile(const std::string& path);
    PartFile(const PartFile&) = delete;
    PartFile& operator=(const PartFile&) = delete;
    ~PartFile();

    void write(std::span<const std::byte> bytes, std::uint64_t offset) const;
    void finish() const;

private:
    std::string path_;
    std::string part_;
    int descriptor_ = -1;
};

}  // namespace engine::base
