#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace engine::base {

/// A cache file, written under a temporary name, NAME.<8 random hexadecimal digits>.part, and renamed by finish().
/// Writers of the same name do not wait for each other; the last to finish wins. Without finish() the temporary file is
/// removed; one left by a killed process is removed by the next writer of the name. Nothing is synced to disk: readers
/// of a cache must check its content. All functions throw std::runtime_error with the system's reason.
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
