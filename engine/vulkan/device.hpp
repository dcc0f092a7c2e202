#pragma once

#include <vulkan/vulkan_core.h>

#include <string>
#include <utility>
#include <vector>

#include "engine/devices.hpp"
#include "engine/language_model.hpp"

namespace engine::vulkan {

/// Throws EngineError (Device) with a readable message for every result except VK_SUCCESS. `what`: the operation that
/// failed, for the message.
void check(VkResult result, const char* what);

/// Sole owner of one Vulkan object made from a device. Move-only; empty after a move. The device must outlive it.
template <class Handle, auto Destroy>
class Owned {
public:
    Owned() noexcept = default;
    Owned(VkDevice device, Handle handle) noexcept : device_(device), handle_(handle) {}
    Owned(Owned&& other) noexcept : device_(other.device_), handle_(std::exchange(other.handle_, Handle{})) {}
    Owned& operator=(Owned&& other) noexcept {
        std::swap(device_, other.device_);
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~Owned() {
        if (handle_ != Handle{}) Destroy(device_, handle_, nullptr);
    }
    Handle get() const noexcept { return handle_; }

private:
    VkDevice device_ = nullptr;
    Handle handle_ = {};
};

/// Memory that a buffer is allocated from.
enum class Home {
    Host,    ///< Host-visible memory; kernels can use it too, slowly on a GPU.
    Device,  ///< The device's own memory, mapped by the host unless DeviceInfo::staged.
};

/// How kernels read large buffers.
enum class Reads { Texels, StorageBuffers };

/// An instance, one logical device and its compute queue.
class Device {
public:
    /// `selector`: index or part of the name; empty takes the best (discrete, integrated, virtual, CPU). Throws
    /// EngineError (Device) when there is none, (Input) when none matches.
    explicit Device(const std::string& selector, Transfers transfers = Transfers::Automatic);
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;
    ~Device();

    VkDevice get() const noexcept { return device_; }
    VkPhysicalDevice physical() const noexcept { return physical_; }
    VkQueue queue() const noexcept { return queue_; }
    std::uint32_t queue_family() const noexcept { return queue_family_; }
    const DeviceInfo& info() const noexcept { return info_; }
    /// Decides which size limits apply to buffers.
    Reads reads() const noexcept { return reads_; }

    /// Free memory now, see DeviceInfo::available_bytes.
    std::uint64_t available_bytes() const;
    /// Sum of the sizes of all buffers of Home::Device that exist.
    std::uint64_t buffer_bytes() const noexcept { return buffer_bytes_; }
    /// Used by Buffer: adds a size to buffer_bytes() for as long as it lives.
    class Counted {
    public:
        Counted() noexcept = default;
        Counted(const Device& device, std::uint64_t bytes) noexcept : device_(&device), bytes_(bytes) {
            device.buffer_bytes_ += bytes;
        }
        Counted(Counted&& other) noexcept : device_(other.device_), bytes_(std::exchange(other.bytes_, 0)) {}
        Counted& operator=(Counted&& other) noexcept {
            std::swap(device_, other.device_);
            std::swap(bytes_, other.bytes_);
            return *this;
        }
        ~Counted() {
            if (bytes_ != 0) device_->buffer_bytes_ -= bytes_;
        }

    private:
        const Device* device_ = nullptr;
        std::uint64_t bytes_ = 0;
    };

    /// Index of a memory type whose bit is set in `allowed`. Throws EngineError (Device) when none is suitable.
    std::uint32_t memory_type(std::uint32_t allowed, Home home) const;

protected:
    /// Set by a subclass that chooses kernels; `description` becomes DeviceInfo::kernels.
    void set_kernels(Reads reads, std::string description) {
        reads_ = reads;
        info_.kernels = std::move(description);
    }

private:
    VkInstance instance_ = nullptr;
    VkPhysicalDevice physical_ = nullptr;
    VkDevice device_ = nullptr;
    VkQueue queue_ = nullptr;
    std::uint32_t queue_family_ = 0;
    mutable std::uint64_t buffer_bytes_ = 0;
    DeviceInfo info_;
    Reads reads_ = Reads::Texels;
};

/// In the driver's order; empty when no Vulkan driver is installed. DeviceInfo::kernels is empty for usable devices.
std::vector<DeviceInfo> list_devices();

}  // namespace engine::vulkan
