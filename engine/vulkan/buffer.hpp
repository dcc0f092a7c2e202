#pragma once

#include <cassert>
#include <cstddef>
#include <optional>
#include <span>

#include "engine/vulkan/device.hpp"
#include "engine/vulkan/zero_pages.hpp"

namespace engine::vulkan {

/// Texel view of a buffer, through which kernels read 16 bytes at a time. Software devices read texels many times
/// faster than storage buffers.
enum class Texels { None, Uint4, Float4 };

/// Initial contents of a buffer. Use Undefined when all bytes are written before they are read.
enum class Contents { Zeros, Undefined };

/// A storage buffer with its memory.
class Buffer {
public:
    /// Throws EngineError (Device).
    Buffer(const Device& device, std::size_t size_bytes, Texels texels, Contents contents = Contents::Zeros,
           Home home = Home::Host);

    /// A buffer of Home::Device that uses the host's memory at `bytes` in place. The memory must outlive the buffer,
    /// and kernels only read it. nullopt when the device or driver cannot import it: `bytes` must begin at, and be
    /// readable up to, a multiple of DeviceFeatures::host_import_alignment. Throws EngineError (Device).
    static std::optional<Buffer> of_host(const Device& device, std::span<const std::byte> bytes, Texels texels);

    VkBuffer get() const noexcept { return buffer_.get(); }
    VkBufferView view() const noexcept { return view_.get(); }
    std::size_t size_bytes() const noexcept { return size_; }
    /// Whether the host can read and write the bytes directly; always true for Home::Host. Other buffers are filled and
    /// read through Uploader and Recorder.
    bool mapped() const noexcept { return address_ != nullptr; }

    /// Actual size of a buffer for `size_bytes`: rounded up to whole texels.
    static constexpr std::uint64_t rounded(std::uint64_t size_bytes) { return (size_bytes + 15) / 16 * 16; }

    /// The bytes of a mapped buffer. Use them only between submissions.
    template <class Value>
    std::span<Value> as() const {
        assert(mapped());
        return {reinterpret_cast<Value*>(address_), size_ / sizeof(Value)};
    }

private:
    Buffer() = default;
    enum class Memory { Allocated, Imported };
    void make(const Device& device, Texels texels, Memory memory);
    void make_view(const Device& device, Texels texels);
    bool bind_host_memory(const Device& device, std::span<const std::byte> bytes);
    void bind_memory(const Device& device, Home home);
    void clear(const Device& device) const;

    /// Makes the buffer of pages that take memory when they are first written; false when the device cannot.
    bool use_zero_pages(const Device& device, Texels texels);

    ZeroPages pages_;                              // before memory_, which may use them
    Owned<VkDeviceMemory, &vkFreeMemory> memory_;  // before buffer_, so that it is freed after it
    Owned<VkBuffer, &vkDestroyBuffer> buffer_;
    Owned<VkBufferView, &vkDestroyBufferView> view_;
    std::size_t size_ = 0;
    std::byte* address_ = nullptr;
    Device::Counted counted_;
};

}  // namespace engine::vulkan
