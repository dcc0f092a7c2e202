#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace engine {

/// The arithmetic units that a device reports, by which kernels are chosen.
struct DeviceFeatures {
    std::uint32_t largest_workgroup = 0;       ///< invocations
    std::uint32_t workgroup_memory_bytes = 0;  ///< shared by the invocations of a workgroup
    bool subgroup_size_varies = false;         ///< unless a kernel requires one
    bool subgroup_size_can_be_required = false;
    /// Multiple at which memory of the host begins and ends that the device uses where it lies; 0: it does not.
    std::uint64_t host_import_alignment = 0;
    bool float16 = false;           ///< arithmetic on halves
    bool integer_dot = false;       ///< four 8-bit products in one instruction of SPIR-V
    bool fast_integer_dot = false;  ///< ... and in one of the device
    /// The extension through which the device multiplies 16x16x16 matrices of halves with sums in f32; empty: none.
    std::string matrix_extension;
};

/// A Vulkan device as `bellwether devices` shows it.
struct DeviceInfo {
    std::string name;
    std::string driver;              ///< name and version
    std::string type;                ///< "discrete GPU", "integrated GPU", "virtual GPU", "CPU", "other"
    std::uint64_t memory_bytes = 0;  ///< of the largest heap
    /// Free for the engine when it was asked: the machine's memory for a CPU, whatever heap it reports; otherwise of
    /// the heap that the engine takes. 0: unknown.
    std::uint64_t available_bytes = 0;
    std::uint64_t max_allocation_bytes = 0;  ///< in one piece
    std::uint64_t max_buffer_range = 0;      ///< bytes that one storage buffer binding covers
    std::uint64_t max_texel_elements = 0;    ///< that one texel buffer binding covers, of 16 bytes each
    /// Bytes go to and from the device's memory through staging memory: the host does not see it, or not through its
    /// caches.
    bool staged = false;
    std::uint32_t subgroup_size = 0;
    DeviceFeatures features;
    bool usable = false;
    std::string kernels;  ///< the kernel family that the engine uses, or why there is none
};

/// In the driver's order; empty when no Vulkan driver is installed.
std::vector<DeviceInfo> list_devices();

}  // namespace engine
