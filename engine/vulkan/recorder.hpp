#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "engine/shaders/kernels.hpp"
#include "engine/vulkan/buffer.hpp"
#include "engine/vulkan/commands.hpp"
#include "engine/vulkan/pipeline_cache.hpp"

namespace engine::vulkan {

/// Values of the kernels' specialisation constants: 0 the subgroup size, 1 head units, 2 units per lane.
using Specialisation = std::array<std::uint32_t, 3>;

/// The kernels compiled for one device, and the commands that run them, one after the other: each dispatch
/// sees everything that the ones before it wrote.
class Recorder {
public:
    Recorder(const Device& device, const Specialisation& constants);
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    /// Queues one dispatch of groups_x * groups_y workgroups. `buffers` in the order of the kernel's bindings.
    template <class Push>
    void dispatch(shaders::Kernel kernel, std::initializer_list<const Buffer*> buffers, const Push& push,
                  std::uint32_t groups_x, std::uint32_t groups_y = 1) {
        dispatch_bytes(kernel, {buffers.begin(), buffers.size()}, std::as_bytes(std::span(&push, 1)), groups_x,
                       groups_y);
    }

    /// Where the host writes the first `count` values of a buffer, before submit_and_wait: dispatches queued after this
    /// see them. Nothing queued before may use those values.
    template <class Value>
    std::span<Value> input(const Buffer& to, std::size_t count) {
        return as_values<Value>(host_bytes(to, count * sizeof(Value), Direction::In));
    }

    /// Where the host reads the first `count` values of a buffer as the dispatches queued so far leave them: after
    /// submit_and_wait, and until the next call of something else.
    template <class Value>
    std::span<const Value> output(const Buffer& from, std::size_t count) {
        return as_values<const Value>(host_bytes(from, count * sizeof(Value), Direction::Out));
    }

    /// Runs what was queued and waits. Throws EngineError (Device).
    void submit_and_wait();
    /// Forgets what was queued and not submitted: what an exception has left of a list of dispatches.
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
    /// The start of a buffer: where it is mapped, or in staging memory until the next begin(), with the copy queued.
    std::span<std::byte> host_bytes(const Buffer& buffer, std::size_t size, Direction direction);
    void dispatch_bytes(shaders::Kernel kernel, std::span<const Buffer* const> buffers, std::span<const std::byte> push,
                        std::uint32_t groups_x, std::uint32_t groups_y);
    const Pipeline& pipeline(shaders::Kernel kernel);
    Pipeline make_pipeline(const shaders::KernelSource& source) const;
    VkDescriptorSet bind(const Pipeline& pipeline, const shaders::KernelSource& source,
                         std::span<const Buffer* const> buffers);
    VkDescriptorSet allocate_set(VkDescriptorSetLayout layout);

    const Device& device_;
    Specialisation constants_;
    PipelineCache cache_;
    std::array<std::optional<Pipeline>, shaders::kKernelCount> pipelines_;  // made when first used
    std::vector<Owned<VkDescriptorPool, &vkDestroyDescriptorPool>> set_pools_;
    std::size_t pool_in_use_ = 0;
    std::deque<Buffer> staging_;  // for buffers that are not mapped; the last has room
    std::size_t staging_used_ = 0;
    Commands commands_;  // the last, as it may use all others until it goes
};

}  // namespace engine::vulkan
