#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/vulkan/device.hpp"

namespace engine::vulkan {

/// Vendor, device and the driver's cache UUID, as in the header of pipeline cache data.
using PipelineOwner = std::array<std::byte, 24>;

/// Pipeline data of a stored file; nullopt unless its SHA-256 precedes it and its header names `owner`.
std::optional<std::span<const std::byte>> pipeline_data(std::span<const std::byte> file, const PipelineOwner& owner);
/// Contents of the file that stores `data`.
std::vector<std::byte> pipeline_file(std::span<const std::byte> data);

/// Compiled kernels, kept between processes in `$XDG_CACHE_HOME/bellwether/pipelines` (or
/// ~/.cache/bellwether/pipelines), one file per device and driver. The cache is optional: a file that cannot be read or
/// written, is damaged, or belongs to another device or driver is ignored.
class PipelineCache {
public:
    explicit PipelineCache(const Device& device);
    PipelineCache(const PipelineCache&) = delete;
    PipelineCache& operator=(const PipelineCache&) = delete;
    /// Stores the data when it has changed.
    ~PipelineCache();

    VkPipelineCache get() const noexcept { return cache_.get(); }

private:
    void store() const;

    const Device& device_;
    std::string path_;  ///< Empty when there is no cache folder.
    std::vector<std::byte> stored_;
    Owned<VkPipelineCache, &vkDestroyPipelineCache> cache_;
};

}  // namespace engine::vulkan
