#include "engine/vulkan/uploader.hpp"

#include <algorithm>

namespace engine::vulkan {

void Uploader::fill(const Buffer& to, std::size_t grain, const Write& write) {
    if (to.mapped()) {
        write(0, to.as<std::byte>());
        return;
    }
    // Whole grains, because callers write rows that must not be cut.
    const std::size_t most = std::max(piece_bytes_ / grain, std::size_t{1}) * grain;
    try {
        for (std::size_t offset = 0; offset < to.size_bytes(); offset += most)
            copy(to, offset, std::min(most, to.size_bytes() - offset), write);
    } catch (...) {
        for (std::optional<Stage>& stage : stages_) stage.reset();  // nothing may still write to the buffer
        throw;
    }
}

void Uploader::copy(const Buffer& to, std::size_t offset, std::size_t size, const Write& write) {
    std::optional<Stage>& stage = stages_.at(next_);
    // The two stages alternate: the device copies one while the host writes the other.
    next_ = 1 - next_;
    // The copy of the piece before the last may still read this stage.
    if (stage) stage->commands.wait();
    if (!stage || stage->memory.size_bytes() < size) stage.emplace(device_, std::max(piece_bytes_, size));
    write(offset, stage->memory.as<std::byte>().first(size));
    const VkBufferCopy region = {0, offset, size};
    vkCmdCopyBuffer(stage->commands.record(), stage->memory.get(), to.get(), 1, &region);
    stage->commands.submit();
}

void Uploader::finish() {
    for (std::optional<Stage>& stage : stages_) {
        if (stage) stage->commands.wait();
    }
}

}  // namespace engine::vulkan
