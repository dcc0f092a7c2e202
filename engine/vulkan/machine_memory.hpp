#pragma once

#include <cstdint>

namespace engine::vulkan {

/// Memory available to this process without swapping: MemAvailable, or the rest of the control group's limit when that
/// is less. 0 when the system does not report it.
std::uint64_t available_memory_bytes();

/// Current memory of this process.
struct ProcessMemory {
    std::uint64_t resident_bytes = 0;   ///< Including pages of mapped files.
    std::uint64_t anonymous_bytes = 0;  ///< Excluding pages of mapped files, which the system can drop at any time.
};
ProcessMemory process_memory();

}  // namespace engine::vulkan
