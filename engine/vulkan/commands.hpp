#pragma once

#include "engine/vulkan/device.hpp"

namespace engine::vulkan {

/// A command buffer with its fence: recorded, submitted, waited for, recorded again.
class Commands {
public:
    /// Throws EngineError (Device), as all of this.
    explicit Commands(const Device& device);
    Commands(const Commands&) = delete;
    Commands& operator=(const Commands&) = delete;
    /// Waits for what runs.
    ~Commands();

    /// The buffer to record into, begun when it was not. Nothing of it may be running.
    VkCommandBuffer record();
    bool recording() const noexcept { return recording_; }
    /// Starts what was recorded. The host sees all that it wrote once wait() has returned.
    void submit();
    /// Returns at once when nothing was submitted.
    void wait();
    /// Forgets what was recorded and not submitted.
    void discard();

private:
    const Device& device_;
    Owned<VkCommandPool, &vkDestroyCommandPool> pool_;
    Owned<VkFence, &vkDestroyFence> fence_;
    VkCommandBuffer buffer_ = nullptr;
    bool recording_ = false;
    bool running_ = false;
};

/// Whatever copies and kernels do before it is seen by those after it: reads after writes, and writes after both.
void order_all(VkCommandBuffer commands);

}  // namespace engine::vulkan
