#include "engine/vulkan/features.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "engine/vulkan/device.hpp"

namespace engine::vulkan {
namespace {

constexpr std::uint32_t kMatrixSize = 16;  // rows, columns and depth of the matrices that the kernels multiply

std::vector<VkExtensionProperties> extensions_of(VkPhysicalDevice physical) {
    std::uint32_t count = 0;
    check(vkEnumerateDeviceExtensionProperties(physical, nullptr, &count, nullptr), "listing a device's extensions");
    std::vector<VkExtensionProperties> extensions(count);
    check(vkEnumerateDeviceExtensionProperties(physical, nullptr, &count, extensions.data()),
          "listing a device's extensions");
    return extensions;
}

/// The matrix shapes that a device multiplies. `name`: the Vulkan function of type `Function`, which lists `Properties`
/// with sType `type`.
template <class Properties, class Function>
std::vector<Properties> matrix_shapes(VkInstance instance, VkPhysicalDevice physical, const char* name,
                                      VkStructureType type) {
    // The loader does not export extension functions.
    const auto list = reinterpret_cast<Function>(vkGetInstanceProcAddr(instance, name));
    if (list == nullptr) return {};
    std::uint32_t count = 0;
    check(list(physical, &count, nullptr), "listing matrix shapes");
    Properties empty = {};
    empty.sType = type;
    std::vector<Properties> shapes(count, empty);
    check(list(physical, &count, shapes.data()), "listing matrix shapes");
    shapes.resize(count);
    return shapes;
}

template <class Properties>
/// Other shapes would need kernels of their own.
bool is_square(const Properties& shape) {
    return shape.MSize == kMatrixSize && shape.NSize == kMatrixSize && shape.KSize == kMatrixSize;
}

bool has_nv_matrices(VkInstance instance, VkPhysicalDevice physical) {
    using Shape = VkCooperativeMatrixPropertiesNV;
    const auto shapes = matrix_shapes<Shape, PFN_vkGetPhysicalDeviceCooperativeMatrixPropertiesNV>(
        instance, physical, "vkGetPhysicalDeviceCooperativeMatrixPropertiesNV",
        VK_STRUCTURE_TYPE_COOPERATIVE_MATRIX_PROPERTIES_NV);
    return std::any_of(shapes.begin(), shapes.end(), [](const Shape& shape) {
        return is_square(shape) && shape.AType == VK_COMPONENT_TYPE_FLOAT16_NV &&
               shape.BType == VK_COMPONENT_TYPE_FLOAT16_NV && shape.CType == VK_COMPONENT_TYPE_FLOAT32_NV &&
               shape.DType == VK_COMPONENT_TYPE_FLOAT32_NV && shape.scope == VK_SCOPE_SUBGROUP_NV;
    });
}

#ifdef BELLWETHER_KHR_MATRIX
bool has_khr_matrices(VkInstance instance, VkPhysicalDevice physical) {
    using Shape = VkCooperativeMatrixPropertiesKHR;
    const auto shapes = matrix_shapes<Shape, PFN_vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR>(
        instance, physical, "vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR",
        VK_STRUCTURE_TYPE_COOPERATIVE_MATRIX_PROPERTIES_KHR);
    return std::any_of(shapes.begin(), shapes.end(), [](const Shape& shape) {
        return is_square(shape) && shape.AType == VK_COMPONENT_TYPE_FLOAT16_KHR &&
               shape.BType == VK_COMPONENT_TYPE_FLOAT16_KHR && shape.CType == VK_COMPONENT_TYPE_FLOAT32_KHR &&
               shape.ResultType == VK_COMPONENT_TYPE_FLOAT32_KHR && shape.scope == VK_SCOPE_SUBGROUP_KHR;
    });
}
#endif

/// Puts a structure in front of a query's chain.
template <class Structure>
void prepend(void*& chain, Structure& structure, VkStructureType type) {
    structure.sType = type;
    structure.pNext = chain;
    chain = &structure;
}

bool contains(const std::vector<VkExtensionProperties>& extensions, std::string_view name) {
    return std::any_of(extensions.begin(), extensions.end(),
                       [&](const VkExtensionProperties& extension) { return name == extension.extensionName; });
}

}  // namespace

bool has_extension(VkPhysicalDevice physical, std::string_view name) {
    return contains(extensions_of(physical), name);
}

DeviceFeatures query_features(VkInstance instance, VkPhysicalDevice physical) {
    const std::vector<VkExtensionProperties> extensions = extensions_of(physical);
    const auto has = [&](std::string_view name) { return contains(extensions, name); };
    // The first two are core in Vulkan 1.3; the engine asks for 1.2.
    const bool size_control = has(VK_EXT_SUBGROUP_SIZE_CONTROL_EXTENSION_NAME);
    const bool integer_dot = has(VK_KHR_SHADER_INTEGER_DOT_PRODUCT_EXTENSION_NAME);
    const bool host_import = has(VK_EXT_EXTERNAL_MEMORY_HOST_EXTENSION_NAME);

    VkPhysicalDeviceSubgroupSizeControlProperties sizes = {};
    VkPhysicalDeviceShaderIntegerDotProductProperties dots = {};
    VkPhysicalDeviceProperties2 properties = {};
    properties.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2;
    if (size_control)
        prepend(properties.pNext, sizes, VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_SIZE_CONTROL_PROPERTIES);
    if (integer_dot)
        prepend(properties.pNext, dots, VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SHADER_INTEGER_DOT_PRODUCT_PROPERTIES);
    VkPhysicalDeviceExternalMemoryHostPropertiesEXT imports = {};
    if (host_import)
        prepend(properties.pNext, imports, VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_EXTERNAL_MEMORY_HOST_PROPERTIES_EXT);
    vkGetPhysicalDeviceProperties2(physical, &properties);

    VkPhysicalDeviceVulkan12Features vulkan12 = {};
    VkPhysicalDeviceSubgroupSizeControlFeatures control = {};
    VkPhysicalDeviceShaderIntegerDotProductFeatures dot = {};
    VkPhysicalDeviceFeatures2 features = {};
    features.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2;
    prepend(features.pNext, vulkan12, VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES);
    if (size_control)
        prepend(features.pNext, control, VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_SIZE_CONTROL_FEATURES);
    if (integer_dot)
        prepend(features.pNext, dot, VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SHADER_INTEGER_DOT_PRODUCT_FEATURES);
    vkGetPhysicalDeviceFeatures2(physical, &features);

    DeviceFeatures found;
    // Workgroups are one-dimensional (x), so both limits apply.
    found.largest_workgroup = std::min(properties.properties.limits.maxComputeWorkGroupInvocations,
                                       properties.properties.limits.maxComputeWorkGroupSize[0]);
    found.workgroup_memory_bytes = properties.properties.limits.maxComputeSharedMemorySize;
    found.subgroup_size_varies = size_control && sizes.minSubgroupSize != sizes.maxSubgroupSize;
    found.subgroup_size_can_be_required = control.subgroupSizeControl == VK_TRUE &&
                                          control.computeFullSubgroups == VK_TRUE &&
                                          (sizes.requiredSubgroupSizeStages & VK_SHADER_STAGE_COMPUTE_BIT) != 0;
    if (host_import) found.host_import_alignment = imports.minImportedHostPointerAlignment;
    found.float16 = vulkan12.shaderFloat16 == VK_TRUE;
    found.integer_dot = dot.shaderIntegerDotProduct == VK_TRUE;
    found.fast_integer_dot = found.integer_dot && dots.integerDotProduct4x8BitPackedSignedAccelerated == VK_TRUE;
    // Cooperative matrices require the Vulkan memory model. KHR comes last, since it is preferred to NV.
    if (vulkan12.vulkanMemoryModel == VK_TRUE) {
        if (has(VK_NV_COOPERATIVE_MATRIX_EXTENSION_NAME) && has_nv_matrices(instance, physical))
            found.matrix_extension = VK_NV_COOPERATIVE_MATRIX_EXTENSION_NAME;
#ifdef BELLWETHER_KHR_MATRIX
        if (has(VK_KHR_COOPERATIVE_MATRIX_EXTENSION_NAME) && has_khr_matrices(instance, physical))
            found.matrix_extension = VK_KHR_COOPERATIVE_MATRIX_EXTENSION_NAME;
#endif
    }
    return found;
}

EnabledFeatures::EnabledFeatures(const DeviceFeatures& features) {
    // Only what the kernels use is enabled.
    void* chain = nullptr;
    prepend(chain, vulkan12_, VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES);
    vulkan12_.shaderFloat16 = features.float16 ? VK_TRUE : VK_FALSE;
    if (features.subgroup_size_can_be_required) {
        extensions_.push_back(VK_EXT_SUBGROUP_SIZE_CONTROL_EXTENSION_NAME);
        prepend(chain, size_control_, VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_SIZE_CONTROL_FEATURES);
        size_control_.subgroupSizeControl = VK_TRUE;
        size_control_.computeFullSubgroups = VK_TRUE;
    }
    if (features.host_import_alignment != 0) extensions_.push_back(VK_EXT_EXTERNAL_MEMORY_HOST_EXTENSION_NAME);
    if (features.integer_dot) {
        extensions_.push_back(VK_KHR_SHADER_INTEGER_DOT_PRODUCT_EXTENSION_NAME);
        prepend(chain, integer_dot_, VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SHADER_INTEGER_DOT_PRODUCT_FEATURES);
        integer_dot_.shaderIntegerDotProduct = VK_TRUE;
    }
    if (!features.matrix_extension.empty()) vulkan12_.vulkanMemoryModel = VK_TRUE;
    if (features.matrix_extension == VK_NV_COOPERATIVE_MATRIX_EXTENSION_NAME) {
        extensions_.push_back(VK_NV_COOPERATIVE_MATRIX_EXTENSION_NAME);
        prepend(chain, matrix_nv_, VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_COOPERATIVE_MATRIX_FEATURES_NV);
        matrix_nv_.cooperativeMatrix = VK_TRUE;
    }
#ifdef BELLWETHER_KHR_MATRIX
    if (features.matrix_extension == VK_KHR_COOPERATIVE_MATRIX_EXTENSION_NAME) {
        extensions_.push_back(VK_KHR_COOPERATIVE_MATRIX_EXTENSION_NAME);
        prepend(chain, matrix_khr_, VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_COOPERATIVE_MATRIX_FEATURES_KHR);
        matrix_khr_.cooperativeMatrix = VK_TRUE;
    }
#endif
    chain_ = chain;
}

}  // namespace engine::vulkan
