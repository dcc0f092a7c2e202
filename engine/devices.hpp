#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace engine {

/// A Vulkan device as `bellwether devices` shows it.
struct DeviceInfo {
    std::string name;
    std::string driver;                      ///< name and version
    std::string type;                        ///< "discrete GPU", "integrated GPU", "virtual GPU", "CPU", "other"
    std::uint64_t memory_bytes = 0;          ///< of the largest heap
    std::uint64_t max_allocation_bytes = 0;  ///< in one piece
    std::uint64_t max_buffer_range = 0;      ///< bytes that one storage buffer binding covers
    std::uint32_t subgroup_size = 0;
    bool usable = false;
    std::string kernels;  ///< the kernel family that the engine uses, or why there is none
};

/// In the driver's order; empty when no Vulkan driver is installed.
std::vector<DeviceInfo> list_devices();

}  // namespace engine
