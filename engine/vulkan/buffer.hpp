#pragma once

#include <cassert>
#include <cstddef>
#include <optional>
#include <span>

#include "engine/vulkan/device.hpp"

namespace engine::vulkan {

/// How kernels may read a buffer 16 bytes at a time. Software devices read texels many times faster than
/// storage buffers.
enum class Texels { None, Uint4, Float4 };

/// What a buffer holds at the start. Undefined is for those that are then written as a whole.
enum class Contents { Zeros, Undefined };

/// A storage buffer with its memory.
class Buffer {
public:
    /// Throws EngineError (Device).
    Buffer(const Device& device, std::size_t size_bytes, Texels texels, Contents contents = Contents::Zeros,
           Home home = Home::Host);

    /// A buffer of Home::Device whose memory is that of the host at `bytes`, which must outlive it and which kernels
    /// only read. Nothing where the device, or its driver for this memory, does not do that: bytes begin, and can be
    /// read on to, a multiple of DeviceFeatures::host_import_alignment. Throws EngineError (Device).
    static std::optional<Buffer> of_host(const Device& device, std::span<const std::byte> bytes, Texels texels);

    VkBuffer get() const noexcept { return buffer_.get(); }
    VkBufferView view() const noexcept { return view_.get(); }
    std::size_t size_bytes() const noexcept { return size_; }
    /// Whether the host sees the bytes; always for Home::Host. See Recorder and Uploader for the others.
    bool mapped() const noexcept { return address_ != nullptr; }

    /// Bytes that a buffer of `size_bytes` takes: whole texels.
    static constexpr std::uint64_t rounded(std::uint64_t size_bytes) { return (size_bytes + 15) / 16 * 16; }

    /// The bytes of a mapped buffer as the host sees them. Only between submissions.
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

    Owned<VkDeviceMemory, &vkFreeMemory> memory_;  // before buffer_, so that it goes after it
    Owned<VkBuffer, &vkDestroyBuffer> buffer_;
    Owned<VkBufferView, &vkDestroyBufferView> view_;
    std::size_t size_ = 0;
    std::byte* address_ = nullptr;
    Device::Counted counted_;
};

}  // namespace engine::vulkan
