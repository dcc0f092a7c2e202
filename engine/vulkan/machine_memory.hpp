#pragma once

#include <cstdint>

namespace engine::vulkan {

/// What the machine can still give to this process: free memory and what the system can take back without swapping, or
/// what is left of the control group's limit where that is less. 0 when the system does not say.
std::uint64_t available_memory_bytes();

/// What this process takes of the machine's memory now.
struct ProcessMemory {
    std::uint64_t resident_bytes = 0;   ///< everything, pages of mapped files included
    std::uint64_t anonymous_bytes = 0;  ///< without mapped files, whose pages the system can take back at any time
};
ProcessMemory process_memory();

}  // namespace engine::vulkan
