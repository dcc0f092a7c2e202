#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace engine::base {

/// A file that appears under its name when it is whole, and goes when that does not happen. It is written under a name
/// of its own for each writer; the last one to finish stays. All throw std::runtime_error with the system's reason.
class PartFile {
public:
    /// Makes the folder where it is missing.
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
