#include "engine/vulkan/buffer.hpp"

#include <fmt/format.h>

#include <bit>
#include <cstring>

#include "engine/language_model.hpp"
#include "engine/vulkan/commands.hpp"

namespace engine::vulkan {
namespace {

constexpr std::size_t kTexelBytes = 16;
constexpr std::size_t kWorthPages = std::size_t{1} << 20;  // smaller buffers are cleared at once

/// Throws EngineError (Device) for a size that the device cannot allocate or bind at once. Returns Texels::None when
/// the kernel family does not need the texel view.
Texels checked_texels(const Device& device, std::size_t size, Texels texels) {
    const DeviceInfo& info = device.info();
    const auto refuse = [&](const char* unit, std::size_t needed, const char* what, std::uint64_t allowed) {
        throw EngineError(EngineError::Kind::Device, fmt::format("a buffer of {} {} is needed, but {} {} {}", needed,
                                                                 unit, info.name, what, allowed));
    };
    if (size > info.max_allocation_bytes) refuse("bytes", size, "allows allocations of", info.max_allocation_bytes);
    const bool too_large = size / kTexelBytes > info.max_texel_elements;
    if (device.reads() == Reads::StorageBuffers) {
        // GPU kernels read large buffers through storage bindings.
        if (too_large) texels = Texels::None;
        if (size > info.max_buffer_range) refuse("bytes", size, "allows bindings of", info.max_buffer_range);
    }
    if (texels != Texels::None && too_large)
        refuse("texels", size / kTexelBytes, "allows views of", info.max_texel_elements);
    return texels;
}

}  // namespace

Buffer::Buffer(const Device& device, std::size_t size_bytes, Texels texels, Contents contents, Home home)
    : size_(rounded(size_bytes)) {
    texels = checked_texels(device, size_, texels);
    const bool large_zeros = contents == Contents::Zeros && home == Home::Device && size_ >= kWorthPages;
    if (large_zeros && use_zero_pages(device, texels)) return;
    make(device, texels, Memory::Allocated);
    bind_memory(device, home);
    if (home == Home::Device) counted_ = {device, size_};
    if (contents == Contents::Zeros) clear(device);
    make_view(device, texels);
}

bool Buffer::use_zero_pages(const Device& device, Texels texels) {
    const std::uint64_t alignment = device.info().features.host_import_alignment;
    // The memory of an integrated GPU can be faster than the host's.
    if (device.info().type != "CPU" || device.info().staged || alignment == 0) return false;
    pages_ = ZeroPages(size_);
    const auto address = reinterpret_cast<std::uintptr_t>(pages_.bytes().data());
    if (pages_.bytes().empty() || address % alignment != 0 || pages_.bytes().size() % alignment != 0) return false;
    make(device, texels, Memory::Imported);
    if (!bind_host_memory(device, pages_.bytes().first(size_))) return false;
    counted_ = {device, size_};
    make_view(device, texels);
    return true;
}

std::optional<Buffer> Buffer::of_host(const Device& device, std::span<const std::byte> bytes, Texels texels) {
    const std::uint64_t alignment = device.info().features.host_import_alignment;
    const bool possible = alignment != 0 && !device.info().staged &&
                          reinterpret_cast<std::uintptr_t>(bytes.data()) % alignment == 0 &&
                          bytes.size() % kTexelBytes == 0;
    if (!possible) return std::nullopt;
    Buffer buffer;
    buffer.size_ = bytes.size();
    texels = checked_texels(device, buffer.size_, texels);
    buffer.make(device, texels, Memory::Imported);
    if (!buffer.bind_host_memory(device, bytes)) return std::nullopt;
    buffer.counted_ = {device, buffer.size_};
    buffer.make_view(device, texels);
    return buffer;
}

void Buffer::make(const Device& device, Texels texels, Memory memory) {
    VkExternalMemoryBufferCreateInfo external = {};
    external.sType = VK_STRUCTURE_TYPE_EXTERNAL_MEMORY_BUFFER_CREATE_INFO;
    external.handleTypes = VK_EXTERNAL_MEMORY_HANDLE_TYPE_HOST_ALLOCATION_BIT_EXT;
    VkBufferCreateInfo create = {};
    create.sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO;
    create.pNext = memory == Memory::Imported ? &external : nullptr;
    create.size = size_;
    // Every buffer may be staged, so it can be the source and the target of copies.
    create.usage = VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_TRANSFER_SRC_BIT |
                   VK_BUFFER_USAGE_TRANSFER_DST_BIT |
                   (texels == Texels::None ? 0 : VK_BUFFER_USAGE_STORAGE_TEXEL_BUFFER_BIT);
    VkBuffer buffer = nullptr;
    check(vkCreateBuffer(device.get(), &create, nullptr, &buffer), "making a buffer");
    buffer_ = {device.get(), buffer};
}

void Buffer::make_view(const Device& device, Texels texels) {
    if (texels == Texels::None) return;
    VkBufferViewCreateInfo viewed = {};
    viewed.sType = VK_STRUCTURE_TYPE_BUFFER_VIEW_CREATE_INFO;
    viewed.buffer = get();
    viewed.format = texels == Texels::Uint4 ? VK_FORMAT_R32G32B32A32_UINT : VK_FORMAT_R32G32B32A32_SFLOAT;
    viewed.range = VK_WHOLE_SIZE;
    VkBufferView view = nullptr;
    check(vkCreateBufferView(device.get(), &viewed, nullptr, &view), "making a texel view");
    view_ = {device.get(), view};
}

/// False when the driver cannot import this memory; not an error, because the caller can copy instead.
bool Buffer::bind_host_memory(const Device& device, std::span<const std::byte> bytes) {
    // The loader does not export extension functions.
    const auto query = reinterpret_cast<PFN_vkGetMemoryHostPointerPropertiesEXT>(
        vkGetDeviceProcAddr(device.get(), "vkGetMemoryHostPointerPropertiesEXT"));
    if (query == nullptr) return false;
    void* address = const_cast<std::byte*>(bytes.data());
    VkMemoryHostPointerPropertiesEXT properties = {};
    properties.sType = VK_STRUCTURE_TYPE_MEMORY_HOST_POINTER_PROPERTIES_EXT;
    if (query(device.get(), VK_EXTERNAL_MEMORY_HANDLE_TYPE_HOST_ALLOCATION_BIT_EXT, address, &properties) != VK_SUCCESS)
        return false;
    VkMemoryRequirements requirements = {};
    vkGetBufferMemoryRequirements(device.get(), get(), &requirements);
    const std::uint32_t types = requirements.memoryTypeBits & properties.memoryTypeBits;
    if (types == 0) return false;
    const std::uint64_t alignment = device.info().features.host_import_alignment;
    VkImportMemoryHostPointerInfoEXT imported = {};
    imported.sType = VK_STRUCTURE_TYPE_IMPORT_MEMORY_HOST_POINTER_INFO_EXT;
    imported.handleType = VK_EXTERNAL_MEMORY_HANDLE_TYPE_HOST_ALLOCATION_BIT_EXT;
    imported.pHostPointer = address;
    VkMemoryAllocateInfo allocate = {};
    allocate.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO;
    allocate.pNext = &imported;
    // Rounded up to the alignment; the caller guarantees that the bytes are readable.
    allocate.allocationSize = (bytes.size() + alignment - 1) / alignment * alignment;
    allocate.memoryTypeIndex = static_cast<std::uint32_t>(std::countr_zero(types));
    // The driver needs more memory than there is.
    if (requirements.size > allocate.allocationSize) return false;
    VkDeviceMemory memory = nullptr;
    if (vkAllocateMemory(device.get(), &allocate, nullptr, &memory) != VK_SUCCESS) return false;
    memory_ = {device.get(), memory};
    check(vkBindBufferMemory(device.get(), get(), memory, 0), "binding the host's memory");
    address_ = static_cast<std::byte*>(address);
    return true;
}

void Buffer::bind_memory(const Device& device, Home home) {
    VkMemoryRequirements requirements = {};
    vkGetBufferMemoryRequirements(device.get(), get(), &requirements);
    VkMemoryAllocateInfo allocate = {};
    allocate.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO;
    allocate.allocationSize = requirements.size;
    allocate.memoryTypeIndex = device.memory_type(requirements.memoryTypeBits, home);
    VkDeviceMemory memory = nullptr;
    check(vkAllocateMemory(device.get(), &allocate, nullptr, &memory), "allocating device memory");
    memory_ = {device.get(), memory};
    check(vkBindBufferMemory(device.get(), get(), memory, 0), "binding device memory");
    // Not host-visible, or slow to read from the host: see DeviceInfo::staged.
    if (home == Home::Device && device.info().staged) return;
    void* address = nullptr;
    check(vkMapMemory(device.get(), memory, 0, VK_WHOLE_SIZE, 0, &address), "mapping device memory");
    address_ = static_cast<std::byte*>(address);
}

void Buffer::clear(const Device& device) const {
    if (mapped()) {
        std::memset(address_, 0, size_);
        return;
    }
    Commands commands(device);
    vkCmdFillBuffer(commands.record(), get(), 0, VK_WHOLE_SIZE, 0);
    commands.submit();
    commands.wait();
}

}  // namespace engine::vulkan
