#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <span>
#include <unordered_map>
#include <vector>

#include "engine/vulkan/buffer.hpp"
#include "engine/vulkan/commands.hpp"
#include "engine/vulkan/pipeline_cache.hpp"
#include "engine/vulkan/program.hpp"

namespace engine::vulkan {

/// Values of the kernels' specialisation constants, by number. Constant 0 is the subgroup size.
using Specialisation = std::array<std::uint32_t, 5>;

/// Compiles kernels for one device when they are first used, records them, and runs them in order: each dispatch sees
/// everything that earlier ones wrote.
class Recorder {
public:
    Recorder(const Device& device, const Specialisation& constants);
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    /// Queues one dispatch of groups_x * groups_y workgroups. `buffers` in the order of the kernel's bindings.
    template <class Push>
    void dispatch(const Program& program, std::initializer_list<const Buffer*> buffers, const Push& push,
                  std::uint32_t groups_x, std::uint32_t groups_y = 1) {
        dispatch_bytes(program, {buffers.begin(), buffers.size()}, std::as_bytes(std::span(&push, 1)), groups_x,
                       groups_y);
    }

    /// Memory into which the host writes the first `count` values of a buffer before submit_and_wait(). Dispatches
    /// queued later see the values; no dispatch queued earlier may use them.
    template <class Value>
    std::span<Value> input(const Buffer& to, std::size_t count) {
        return as_values<Value>(host_bytes(to, count * sizeof(Value), Direction::In));
    }

    /// The first `count` values of a buffer after the dispatches queued so far. Valid after submit_and_wait() until the
    /// next call of another function.
    template <class Value>
    std::span<const Value> output(const Buffer& from, std::size_t count) {
        return as_values<const Value>(host_bytes(from, count * sizeof(Value), Direction::Out));
    }

    /// Runs the queued commands and waits for them. Throws EngineError (Device).
    void submit_and_wait();
    /// Drops commands that were queued but not submitted, for example because of an exception.
    void discard();

private:
    struct Pipeline {
        Owned<VkDescriptorSetLayout, &vkDestroyDescriptorSetLayout> set_layout;
        Owned<VkPipelineLayout, &vkDestroyPipelineLayout> layout;
        Owned<VkPipeline, &vkDestroyPipeline> pipeline;
    };

    template <class Value>
    static std::span<Value> as_values(std::span<std::byte> bytes) {
        return {reinterpret_cast<Value*>(bytes.data()), bytes.size() / sizeof(Value)};
    }

    void begin();
    enum class Direction { In, Out };
    /// The start of a buffer: its mapped bytes, or staging memory that is valid until the next begin(), with the copy
    /// queued.
    std::span<std::byte> host_bytes(const Buffer& buffer, std::size_t size, Direction direction);
    void dispatch_bytes(const Program& program, std::span<const Buffer* const> buffers, std::span<const std::byte> push,
                        std::uint32_t groups_x, std::uint32_t groups_y);
    const Pipeline& pipeline(const Program& program);
    Owned<VkDescriptorSetLayout, &vkDestroyDescriptorSetLayout> make_set_layout(const Program& program) const;
    Owned<VkPipelineLayout, &vkDestroyPipelineLayout> make_layout(const Program& program,
                                                                  VkDescriptorSetLayout set_layout) const;
    Owned<VkPipeline, &vkDestroyPipeline> compile(const Program& program, VkPipelineLayout layout) const;
    VkDescriptorSet bind(const Pipeline& pipeline, const Program& program, std::span<const Buffer* const> buffers);
    void add_set_pool();
    VkDescriptorSet allocate_set(VkDescriptorSetLayout layout);

    const Device& device_;
    Specialisation constants_;
    PipelineCache cache_;
    std::unordered_map<const std::uint32_t*, Pipeline> pipelines_;  // by the start of the program's words
    std::vector<Owned<VkDescriptorPool, &vkDestroyDescriptorPool>> set_pools_;
    std::size_t pool_in_use_ = 0;
    std::deque<Buffer> staging_;  // for buffers that are not mapped; only the last piece has room left
    std::size_t staging_used_ = 0;
    Commands commands_;  // the last member: waits for the device before the others are destroyed
};

}  // namespace engine::vulkan
