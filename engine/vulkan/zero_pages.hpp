#pragma once

#include <cstddef>
#include <span>
#include <utility>

namespace engine::vulkan {

/// Whole pages of the host's memory, all zeros. A page takes memory only when it is first written. Move-only.
class ZeroPages {
public:
    ZeroPages() = default;
    /// At least `size` bytes; empty when the system has none.
    explicit ZeroPages(std::size_t size);
    ZeroPages(ZeroPages&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}
    ZeroPages& operator=(ZeroPages&& other) noexcept {
        std::swap(bytes_, other.bytes_);
        return *this;
    }
    ~ZeroPages();

    std::span<std::byte> bytes() const noexcept { return bytes_; }

private:
    std::span<std::byte> bytes_;
};

}  // namespace engine::vulkan
