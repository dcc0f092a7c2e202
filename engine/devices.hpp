#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace engine {

/// Capabilities reported by a device, from which its kernels are chosen.
struct DeviceFeatures {
    std::uint32_t largest_workgroup = 0;       ///< Maximum invocations of a workgroup.
    std::uint32_t workgroup_memory_bytes = 0;  ///< Maximum memory shared by the invocations of a workgroup.
    bool subgroup_size_varies = false;  ///< The driver may choose a size per kernel, unless the kernel requires one.
    bool subgroup_size_can_be_required = false;
    /// Alignment of host memory that the device can import and use in place; 0: not supported.
    std::uint64_t host_import_alignment = 0;
    bool float16 = false;           ///< f16 arithmetic.
    bool integer_dot = false;       ///< SPIR-V instructions for dot products of four 8-bit integers.
    bool fast_integer_dot = false;  ///< The device executes them as one instruction.
    /// A software driver that reads a given lane fastest by broadcasts; the others do by shuffles.
    bool broadcasts = false;
    /// Vulkan extension that multiplies 16x16x16 matrices of f16 with sums in f32; empty: none.
    std::string matrix_extension;
};

/// A Vulkan device as `bellwether devices` shows it.
struct DeviceInfo {
    std::string name;
    std::string driver;              ///< Name and version.
    std::string type;                ///< "discrete GPU", "integrated GPU", "virtual GPU", "CPU", "other"
    std::uint64_t memory_bytes = 0;  ///< Size of the largest heap.
    /// Free memory at the time of the query. CPU devices: of the machine, whatever the heap reports; others: of the
    /// heap that the engine uses. 0: unknown.
    std::uint64_t available_bytes = 0;
    std::uint64_t max_allocation_bytes = 0;  ///< Maximum size of one allocation.
    std::uint64_t max_buffer_range = 0;      ///< Maximum bytes of one storage buffer binding.
    std::uint64_t max_texel_elements = 0;    ///< Maximum elements of 16 bytes of one texel buffer binding.
    /// Transfers go through staging memory, because the host cannot map the device's memory or only uncached.
    bool staged = false;
    std::uint32_t subgroup_size = 0;
    DeviceFeatures features;
    bool usable = false;
    std::string kernels;  ///< Kernel family used by the engine, or why the device cannot be used.
};

/// All Vulkan devices in the driver's order; empty when no Vulkan driver is installed.
std::vector<DeviceInfo> list_devices();

}  // namespace engine
