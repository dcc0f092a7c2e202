#include "engine/vulkan/recorder.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

#include "engine/language_model.hpp"

namespace engine::vulkan {
namespace {

// A forward pass with 80 layers has about 720 dispatches; pools are added as needed.
constexpr std::uint32_t kSetsPerPool = 512;
constexpr std::size_t kStagingBytes = std::size_t{1} << 20;  // initial size; grows to the most needed in one submission

VkDescriptorType descriptor_type(char binding) {
    return binding == 'T' ? VK_DESCRIPTOR_TYPE_STORAGE_TEXEL_BUFFER : VK_DESCRIPTOR_TYPE_STORAGE_BUFFER;
}

}  // namespace

Recorder::Recorder(const Device& device, const Specialisation& constants)
    : device_(device), constants_(constants), cache_(device), commands_(device) {}

const Recorder::Pipeline& Recorder::pipeline(const Program& program) {
    // Compiled when first used, because a run needs only few of the kernels.
    const auto made = pipelines_.find(program.words.data());
    if (made != pipelines_.end()) return made->second;
    Pipeline pipeline;
    pipeline.set_layout = make_set_layout(program);
    pipeline.layout = make_layout(program, pipeline.set_layout.get());
    pipeline.pipeline = compile(program, pipeline.layout.get());
    return pipelines_.emplace(program.words.data(), std::move(pipeline)).first->second;
}

Owned<VkDescriptorSetLayout, &vkDestroyDescriptorSetLayout> Recorder::make_set_layout(const Program& program) const {
    std::vector<VkDescriptorSetLayoutBinding> bindings;
    for (const char kind : program.bindings) {
        bindings.push_back({static_cast<std::uint32_t>(bindings.size()), descriptor_type(kind), 1,
                            VK_SHADER_STAGE_COMPUTE_BIT, nullptr});
    }
    VkDescriptorSetLayoutCreateInfo create = {};
    create.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO;
    create.bindingCount = static_cast<std::uint32_t>(bindings.size());
    create.pBindings = bindings.data();
    VkDescriptorSetLayout layout = nullptr;
    check(vkCreateDescriptorSetLayout(device_.get(), &create, nullptr, &layout), "making a descriptor layout");
    return {device_.get(), layout};
}

Owned<VkPipelineLayout, &vkDestroyPipelineLayout> Recorder::make_layout(const Program& program,
                                                                        VkDescriptorSetLayout set_layout) const {
    const VkPushConstantRange range = {VK_SHADER_STAGE_COMPUTE_BIT, 0, program.push_bytes};
    VkPipelineLayoutCreateInfo create = {};
    create.sType = VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO;
    create.setLayoutCount = 1;
    create.pSetLayouts = &set_layout;
    create.pushConstantRangeCount = 1;
    create.pPushConstantRanges = &range;
    VkPipelineLayout layout = nullptr;
    check(vkCreatePipelineLayout(device_.get(), &create, nullptr, &layout), "making a pipeline layout");
    return {device_.get(), layout};
}

Owned<VkPipeline, &vkDestroyPipeline> Recorder::compile(const Program& program, VkPipelineLayout layout) const {
    VkShaderModuleCreateInfo module_info = {};
    module_info.sType = VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO;
    module_info.codeSize = program.words.size_bytes();
    module_info.pCode = program.words.data();
    VkShaderModule module = nullptr;
    check(vkCreateShaderModule(device_.get(), &module_info, nullptr, &module), "loading a kernel");
    const Owned<VkShaderModule, &vkDestroyShaderModule> owned_module(device_.get(), module);

    std::array<VkSpecializationMapEntry, std::tuple_size_v<Specialisation>> entries = {};
    for (std::uint32_t i = 0; i < entries.size(); ++i) entries.at(i) = {i, i * 4, 4};
    const VkSpecializationInfo special = {entries.size(), entries.data(), sizeof constants_, constants_.data()};
    VkPipelineShaderStageRequiredSubgroupSizeCreateInfo subgroups = {};
    subgroups.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_REQUIRED_SUBGROUP_SIZE_CREATE_INFO;
    subgroups.requiredSubgroupSize = constants_[0];
    VkComputePipelineCreateInfo create = {};
    create.sType = VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO;
    create.layout = layout;
    create.stage.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO;
    create.stage.stage = VK_SHADER_STAGE_COMPUTE_BIT;
    create.stage.module = module;
    create.stage.pName = "main";
    create.stage.pSpecializationInfo = &special;
    // If the device may vary the subgroup size, require the size that the kernels are specialised for.
    const DeviceFeatures& features = device_.info().features;
    if ((program.whole_subgroups || features.subgroup_size_varies) && features.subgroup_size_can_be_required) {
        create.stage.pNext = &subgroups;
        create.stage.flags = VK_PIPELINE_SHADER_STAGE_CREATE_REQUIRE_FULL_SUBGROUPS_BIT_EXT;
    }
    VkPipeline pipeline = nullptr;
    check(vkCreateComputePipelines(device_.get(), cache_.get(), 1, &create, nullptr, &pipeline), "compiling a kernel");
    return {device_.get(), pipeline};
}

void Recorder::add_set_pool() {
    const std::array<VkDescriptorPoolSize, 2> sizes = {{{VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, kSetsPerPool * 8},
                                                        {VK_DESCRIPTOR_TYPE_STORAGE_TEXEL_BUFFER, kSetsPerPool * 4}}};
    VkDescriptorPoolCreateInfo create = {};
    create.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO;
    create.maxSets = kSetsPerPool;
    create.poolSizeCount = sizes.size();
    create.pPoolSizes = sizes.data();
    VkDescriptorPool pool = nullptr;
    check(vkCreateDescriptorPool(device_.get(), &create, nullptr, &pool), "making a descriptor pool");
    set_pools_.emplace_back(device_.get(), pool);
}

VkDescriptorSet Recorder::allocate_set(VkDescriptorSetLayout layout) {
    for (;; ++pool_in_use_) {
        if (pool_in_use_ == set_pools_.size()) add_set_pool();
        VkDescriptorSetAllocateInfo allocate = {};
        allocate.sType = VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO;
        allocate.descriptorPool = set_pools_[pool_in_use_].get();
        allocate.descriptorSetCount = 1;
        allocate.pSetLayouts = &layout;
        VkDescriptorSet set = nullptr;
        const VkResult result = vkAllocateDescriptorSets(device_.get(), &allocate, &set);
        if (result == VK_SUCCESS) return set;
        if (result != VK_ERROR_OUT_OF_POOL_MEMORY) check(result, "making a descriptor set");
    }
}

VkDescriptorSet Recorder::bind(const Pipeline& pipeline, const Program& program,
                               std::span<const Buffer* const> buffers) {
    assert(buffers.size() == program.bindings.size());
    VkDescriptorSet set = allocate_set(pipeline.set_layout.get());
    // No kernel has more than six bindings.
    std::array<VkWriteDescriptorSet, 12> writes = {};
    std::array<VkDescriptorBufferInfo, 12> ranges = {};
    std::array<VkBufferView, 12> views = {};
    for (std::size_t i = 0; i < buffers.size(); ++i) {
        VkWriteDescriptorSet& write = writes.at(i);
        write.sType = VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET;
        write.dstSet = set;
        write.dstBinding = static_cast<std::uint32_t>(i);
        write.descriptorCount = 1;
        write.descriptorType = descriptor_type(program.bindings[i]);
        if (program.bindings[i] == 'T') {
            views.at(i) = buffers[i]->view();
            write.pTexelBufferView = &views.at(i);
        } else {
            ranges.at(i) = {buffers[i]->get(), 0, VK_WHOLE_SIZE};
            write.pBufferInfo = &ranges.at(i);
        }
    }
    vkUpdateDescriptorSets(device_.get(), static_cast<std::uint32_t>(buffers.size()), writes.data(), 0, nullptr);
    return set;
}

void Recorder::begin() {
    // Descriptors and staging memory are reused from one submission to the next.
    if (commands_.recording()) return;
    // The previous submission has finished, so that no descriptor is in use.
    for (const auto& pool : set_pools_)
        check(vkResetDescriptorPool(device_.get(), pool.get(), 0), "resetting descriptors");
    pool_in_use_ = 0;
    if (staging_.size() > 1) {
        // From now on, everything that one submission needed fits into one piece.
        std::size_t sum = 0;
        for (const Buffer& buffer : staging_) sum += buffer.size_bytes();
        staging_.clear();
        staging_.emplace_back(device_, sum, Texels::None, Contents::Undefined);
    }
    staging_used_ = 0;
    commands_.record();
}

std::span<std::byte> Recorder::host_bytes(const Buffer& buffer, std::size_t size, Direction direction) {
    assert(size <= buffer.size_bytes());
    if (buffer.mapped()) return buffer.as<std::byte>().first(size);
    begin();
    // Keeps the pieces aligned for every type that the host accesses.
    const std::size_t taken = Buffer::rounded(size);
    if (staging_.empty() || staging_.back().size_bytes() - staging_used_ < taken) {
        staging_.emplace_back(device_, std::max(kStagingBytes, taken), Texels::None, Contents::Undefined);
        staging_used_ = 0;
    }
    const Buffer& staging = staging_.back();
    const std::size_t offset = staging_used_;
    staging_used_ += taken;
    VkCommandBuffer commands = commands_.record();
    if (direction == Direction::In) {
        const VkBufferCopy copy = {offset, 0, size};
        vkCmdCopyBuffer(commands, staging.get(), buffer.get(), 1, &copy);
    } else {
        const VkBufferCopy copy = {0, offset, size};
        vkCmdCopyBuffer(commands, buffer.get(), staging.get(), 1, &copy);
    }
    order_all(commands);
    return staging.as<std::byte>().subspan(offset, size);
}

void Recorder::dispatch_bytes(const Program& program, std::span<const Buffer* const> buffers,
                              std::span<const std::byte> push, std::uint32_t groups_x, std::uint32_t groups_y) {
    begin();
    assert(push.size() == program.push_bytes);
    const Pipeline& used = pipeline(program);
    // A new set per dispatch, because a set must not change while commands that use it are queued.
    VkDescriptorSet set = bind(used, program, buffers);
    VkCommandBuffer commands = commands_.record();
    vkCmdBindPipeline(commands, VK_PIPELINE_BIND_POINT_COMPUTE, used.pipeline.get());
    vkCmdBindDescriptorSets(commands, VK_PIPELINE_BIND_POINT_COMPUTE, used.layout.get(), 0, 1, &set, 0, nullptr);
    vkCmdPushConstants(commands, used.layout.get(), VK_SHADER_STAGE_COMPUTE_BIT, 0,
                       static_cast<std::uint32_t>(push.size()), push.data());
    vkCmdDispatch(commands, groups_x, groups_y, 1);
    order_all(commands);
}

/// Waits at once, since the host needs the results before it can schedule the next batch.
void Recorder::submit_and_wait() {
    commands_.submit();
    commands_.wait();
}

void Recorder::discard() {
    commands_.discard();
}

}  // namespace engine::vulkan
