#include "engine/vulkan/commands.hpp"

namespace engine::vulkan {
namespace {

// A device that does not respond gives an error after this time instead of a hang.
constexpr std::uint64_t kTimeoutNanoseconds = 600ULL * 1000 * 1000 * 1000;
constexpr VkPipelineStageFlags kWorkStages = VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT | VK_PIPELINE_STAGE_TRANSFER_BIT;
constexpr VkAccessFlags kWrites = VK_ACCESS_SHADER_WRITE_BIT | VK_ACCESS_TRANSFER_WRITE_BIT;
constexpr VkAccessFlags kReads = VK_ACCESS_SHADER_READ_BIT | VK_ACCESS_TRANSFER_READ_BIT;

/// A global barrier, because nearly every dispatch reads what the one before it wrote.
void order(VkCommandBuffer commands, VkAccessFlags before, VkPipelineStageFlags stages, VkAccessFlags after) {
    VkMemoryBarrier barrier = {};
    barrier.sType = VK_STRUCTURE_TYPE_MEMORY_BARRIER;
    barrier.srcAccessMask = before;
    barrier.dstAccessMask = after;
    vkCmdPipelineBarrier(commands, kWorkStages, stages, 0, 1, &barrier, 0, nullptr, 0, nullptr);
}

}  // namespace

void order_all(VkCommandBuffer commands) {
    order(commands, kReads | kWrites, kWorkStages, kReads | kWrites);
}

Commands::Commands(const Device& device) : device_(device) {
    VkCommandPoolCreateInfo create = {};
    create.sType = VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO;
    // The buffer is recorded again for every submission.
    create.flags = VK_COMMAND_POOL_CREATE_RESET_COMMAND_BUFFER_BIT;
    create.queueFamilyIndex = device.queue_family();
    VkCommandPool pool = nullptr;
    check(vkCreateCommandPool(device.get(), &create, nullptr, &pool), "making a command pool");
    pool_ = {device.get(), pool};
    VkCommandBufferAllocateInfo allocate = {};
    allocate.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO;
    allocate.commandPool = pool;
    allocate.level = VK_COMMAND_BUFFER_LEVEL_PRIMARY;
    allocate.commandBufferCount = 1;
    check(vkAllocateCommandBuffers(device.get(), &allocate, &buffer_), "making a command buffer");
    VkFenceCreateInfo fenced = {};
    fenced.sType = VK_STRUCTURE_TYPE_FENCE_CREATE_INFO;
    VkFence fence = nullptr;
    check(vkCreateFence(device.get(), &fenced, nullptr, &fence), "making a fence");
    fence_ = {device.get(), fence};
}

Commands::~Commands() {
    const VkFence fence = fence_.get();
    if (running_) vkWaitForFences(device_.get(), 1, &fence, VK_TRUE, kTimeoutNanoseconds);
}

/// Begins recording when needed, so that callers need not know whether anything was recorded before.
VkCommandBuffer Commands::record() {
    if (recording_) return buffer_;
    VkCommandBufferBeginInfo begin = {};
    begin.sType = VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO;
    begin.flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT;
    check(vkBeginCommandBuffer(buffer_, &begin), "recording commands");
    recording_ = true;
    return buffer_;
}

void Commands::submit() {
    if (!recording_) return;
    recording_ = false;
    // A fence alone does not make device writes visible to the host.
    order(buffer_, kWrites, VK_PIPELINE_STAGE_HOST_BIT, VK_ACCESS_HOST_READ_BIT);
    check(vkEndCommandBuffer(buffer_), "recording commands");
    VkSubmitInfo submit = {};
    submit.sType = VK_STRUCTURE_TYPE_SUBMIT_INFO;
    submit.commandBufferCount = 1;
    submit.pCommandBuffers = &buffer_;
    check(vkQueueSubmit(device_.queue(), 1, &submit, fence_.get()), "starting the device");
    running_ = true;
}

void Commands::wait() {
    if (!running_) return;
    const VkFence fence = fence_.get();
    check(vkWaitForFences(device_.get(), 1, &fence, VK_TRUE, kTimeoutNanoseconds), "waiting for the device");
    running_ = false;
    // Reset here and not before the submission, so that running_ always matches the state of the fence.
    check(vkResetFences(device_.get(), 1, &fence), "waiting for the device");
}

void Commands::discard() {
    if (!recording_) return;
    recording_ = false;
    check(vkResetCommandBuffer(buffer_, 0), "recording commands");
}

}  // namespace engine::vulkan
