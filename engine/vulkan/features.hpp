#pragma once

#include <vulkan/vulkan_core.h>

#include <span>
#include <string_view>
#include <vector>

#include "engine/devices.hpp"

namespace engine::vulkan {

bool has_extension(VkPhysicalDevice physical, std::string_view name);

/// Capabilities of a device with Vulkan 1.2. Throws EngineError (Device).
DeviceFeatures query_features(VkInstance instance, VkPhysicalDevice physical);

/// Feature structs and extensions with which a device is created so that kernels can use `features`.
class EnabledFeatures {
public:
    explicit EnabledFeatures(const DeviceFeatures& features);
    EnabledFeatures(const EnabledFeatures&) = delete;  // the chain points into the object
    EnabledFeatures& operator=(const EnabledFeatures&) = delete;

    const void* chain() const noexcept { return chain_; }
    std::span<const char* const> extensions() const noexcept { return extensions_; }

private:
    VkPhysicalDeviceVulkan12Features vulkan12_ = {};
    VkPhysicalDeviceSubgroupSizeControlFeatures size_control_ = {};
    VkPhysicalDeviceShaderIntegerDotProductFeatures integer_dot_ = {};
    VkPhysicalDeviceCooperativeMatrixFeaturesNV matrix_nv_ = {};
#ifdef BELLWETHER_KHR_MATRIX
    VkPhysicalDeviceCooperativeMatrixFeaturesKHR matrix_khr_ = {};
#endif
    const void* chain_ = nullptr;
    std::vector<const char*> extensions_;
};

}  // namespace engine::vulkan
