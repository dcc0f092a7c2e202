#pragma once

#include "engine/vulkan/device.hpp"

namespace engine::vulkan {

/// A command buffer with its fence, to be recorded, submitted and waited for, then recorded again.
class Commands {
public:
    /// Like all functions here, throws EngineError (Device).
    explicit Commands(const Device& device);
    Commands(const Commands&) = delete;
    Commands& operator=(const Commands&) = delete;
    /// Waits until submitted commands have finished.
    ~Commands();

    /// The buffer to record into; begins recording when needed. Earlier submissions must have finished.
    VkCommandBuffer record();
    bool recording() const noexcept { return recording_; }
    /// Submits the recorded commands. After wait() the host sees everything that they wrote.
    void submit();
    /// Waits for the submission; returns at once when there is none.
    void wait();
    /// Drops commands that were recorded and not submitted.
    void discard();

private:
    const Device& device_;
    Owned<VkCommandPool, &vkDestroyCommandPool> pool_;
    Owned<VkFence, &vkDestroyFence> fence_;
    VkCommandBuffer buffer_ = nullptr;
    bool recording_ = false;
    bool running_ = false;
};

/// Full barrier: later copies and kernels see all earlier writes, and write only after earlier reads.
void order_all(VkCommandBuffer commands);

}  // namespace engine::vulkan
