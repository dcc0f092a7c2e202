#include "engine/vulkan/device.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <vector>

#include "engine/language_model.hpp"
#include "engine/vulkan/features.hpp"
#include "engine/vulkan/machine_memory.hpp"

namespace engine::vulkan {
namespace {

[[noreturn]] void fail(const std::string& what) {
    throw EngineError(EngineError::Kind::Device, what);
}

std::string_view plain_words(VkResult result) {
    switch (result) {
        case VK_ERROR_OUT_OF_HOST_MEMORY: return "the machine is out of memory";
        case VK_ERROR_OUT_OF_DEVICE_MEMORY:
            return "the device is out of memory; a smaller --batch or --context needs less";
        case VK_ERROR_DEVICE_LOST:
            return "the device was lost; stored results are safe, run the same command again to continue";
        case VK_ERROR_INCOMPATIBLE_DRIVER:
            return "no Vulkan driver is installed; Debian's mesa-vulkan-drivers has one for every machine";
        case VK_ERROR_LAYER_NOT_PRESENT: return "a Vulkan layer named in the environment is not installed";
        case VK_TIMEOUT: return "the device did not answer in ten minutes";
        default: return "the driver refused";
    }
}

/// llvmpipe uses vectors of 256 bits by default; with 512 bits, if the processor has them, its kernels are 1.2 to 1.6
/// times as fast. The device's name states the width, because the last bits of results depend on it.
void prefer_wide_vectors() {
#if defined(__x86_64__)
    const bool wide = __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
                      __builtin_cpu_supports("avx512dq") != 0 && __builtin_cpu_supports("avx512vl") != 0;
    if (wide) ::setenv("LP_NATIVE_VECTOR_WIDTH", "512", 0);  // keeps a value set by the user
#endif
}

VkInstance make_instance() {
    prefer_wide_vectors();
    VkApplicationInfo application = {};
    application.sType = VK_STRUCTURE_TYPE_APPLICATION_INFO;
    application.pApplicationName = "bellwether";
    application.apiVersion = VK_API_VERSION_1_2;
    VkInstanceCreateInfo create = {};
    create.sType = VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO;
    create.pApplicationInfo = &application;
    VkInstance instance = nullptr;
    check(vkCreateInstance(&create, nullptr, &instance), "starting Vulkan");
    return instance;
}

std::vector<VkPhysicalDevice> physical_devices(VkInstance instance) {
    std::uint32_t count = 0;
    check(vkEnumeratePhysicalDevices(instance, &count, nullptr), "listing devices");
    std::vector<VkPhysicalDevice> devices(count);
    check(vkEnumeratePhysicalDevices(instance, &count, devices.data()), "listing devices");
    devices.resize(count);
    return devices;
}

std::optional<std::uint32_t> compute_family(VkPhysicalDevice physical) {
    std::uint32_t count = 0;
    vkGetPhysicalDeviceQueueFamilyProperties(physical, &count, nullptr);
    std::vector<VkQueueFamilyProperties> families(count);
    vkGetPhysicalDeviceQueueFamilyProperties(physical, &count, families.data());
    for (std::uint32_t family = 0; family < count; ++family) {
        if ((families[family].queueFlags & VK_QUEUE_COMPUTE_BIT) != 0) return family;
    }
    return std::nullopt;
}

const char* type_name(VkPhysicalDeviceType type) {
    switch (type) {
        case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU: return "discrete GPU";
        case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU: return "integrated GPU";
        case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU: return "virtual GPU";
        case VK_PHYSICAL_DEVICE_TYPE_CPU: return "CPU";
        default: return "other";
    }
}

/// Order of preference; the best device has rank 0.
int rank(const DeviceInfo& info) {
    // A discrete GPU has its own memory and is usually the fastest.
    const std::vector<std::string> order = {"discrete GPU", "integrated GPU", "virtual GPU", "CPU", "other"};
    return static_cast<int>(std::find(order.begin(), order.end(), info.type) - order.begin());
}

/// The reason why the engine cannot use a device; empty when it can.
std::string obstacle(VkPhysicalDevice physical, std::uint32_t api, const VkPhysicalDeviceSubgroupProperties& subgroup) {
    constexpr VkSubgroupFeatureFlags kNeeded = VK_SUBGROUP_FEATURE_BASIC_BIT | VK_SUBGROUP_FEATURE_ARITHMETIC_BIT |
                                               VK_SUBGROUP_FEATURE_BALLOT_BIT | VK_SUBGROUP_FEATURE_SHUFFLE_BIT;
    if (api < VK_API_VERSION_1_2) return "none: Vulkan 1.2 is needed";
    if (!compute_family(physical)) return "none: no compute queue";
    if ((subgroup.supportedOperations & kNeeded) != kNeeded) return "none: subgroup shuffles are needed";
    // Kernels hold a block of 32 values in the lanes of a subgroup, 4 to a lane.
    if (subgroup.subgroupSize < 8 || subgroup.subgroupSize > 128) return "none: subgroups of 8 to 128 lanes are needed";
    return "";
}

constexpr VkMemoryPropertyFlags kVisible = VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;

/// The largest heap on the device, which is not a small window into its memory; if none is on the device, the largest
/// heap.
std::uint32_t device_heap(const VkPhysicalDeviceMemoryProperties& memory) {
    const auto order = [&](std::uint32_t heap) {
        const bool local = (memory.memoryHeaps[heap].flags & VK_MEMORY_HEAP_DEVICE_LOCAL_BIT) != 0;
        return std::pair(local, memory.memoryHeaps[heap].size);
    };
    std::uint32_t found = 0;
    for (std::uint32_t heap = 1; heap < memory.memoryHeapCount; ++heap) {
        if (order(heap) > order(found)) found = heap;
    }
    return found;
}

/// The first suitable type, which is the fastest one: Vulkan requires drivers to list them in this order.
std::optional<std::uint32_t> find_type(const VkPhysicalDeviceMemoryProperties& memory, std::uint32_t allowed,
                                       VkMemoryPropertyFlags wanted, std::optional<std::uint32_t> heap = {}) {
    for (std::uint32_t type = 0; type < memory.memoryTypeCount; ++type) {
        const VkMemoryType& candidate = memory.memoryTypes[type];
        if ((allowed >> type & 1) != 0 && (candidate.propertyFlags & wanted) == wanted &&
            (!heap || candidate.heapIndex == *heap))
            return type;
    }
    return std::nullopt;
}

/// A type of the device's own memory that is cached memory for the host. Without caches, or over a bus, staging is
/// faster: weights are written in pieces of 16 bytes, and logits are read.
std::optional<std::uint32_t> shared_type(const VkPhysicalDeviceMemoryProperties& memory, std::uint32_t allowed) {
    return find_type(memory, allowed, kVisible | VK_MEMORY_PROPERTY_HOST_CACHED_BIT, device_heap(memory));
}

std::optional<std::uint32_t> host_type(const VkPhysicalDeviceMemoryProperties& memory, std::uint32_t allowed) {
    const auto cached = find_type(memory, allowed, kVisible | VK_MEMORY_PROPERTY_HOST_CACHED_BIT);
    return cached ? cached : find_type(memory, allowed, kVisible);
}

/// Free memory of the heap that buffers are allocated from.
std::uint64_t available_bytes(VkPhysicalDevice physical, const std::string& type) {
    // A CPU's heap is the machine's memory, whatever size the driver reports (llvmpipe: 2 GiB).
    if (type == "CPU") return available_memory_bytes();
    VkPhysicalDeviceMemoryBudgetPropertiesEXT budget = {};
    budget.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_BUDGET_PROPERTIES_EXT;
    const bool has_budget = has_extension(physical, VK_EXT_MEMORY_BUDGET_EXTENSION_NAME);
    VkPhysicalDeviceMemoryProperties2 memory = {};
    memory.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MEMORY_PROPERTIES_2;
    memory.pNext = has_budget ? &budget : nullptr;
    vkGetPhysicalDeviceMemoryProperties2(physical, &memory);
    const std::uint32_t heap = device_heap(memory.memoryProperties);
    if (!has_budget) return memory.memoryProperties.memoryHeaps[heap].size;
    return budget.heapBudget[heap] - std::min(budget.heapBudget[heap], budget.heapUsage[heap]);
}

/// Major version in "Mesa 25.0.7 (LLVM 15.0.6)"; 0 when there is none.
int mesa_version(std::string_view text) {
    constexpr std::string_view kBefore = "Mesa ";
    const std::size_t at = text.find(kBefore);
    int major = 0;
    if (at != std::string_view::npos) {
        const std::string_view number = text.substr(at + kBefore.size());
        std::from_chars(number.data(), number.data() + number.size(), major);
    }
    return major;
}

/// Kernels read texels below this index (texel() in shaders/common.glsl).
constexpr std::uint32_t kMostTexels = std::uint32_t{1} << 27;

/// See DeviceFeatures::broadcasts. llvmpipe makes one instruction of a shuffle by a constant in Mesa 22.3 and a loop in
/// 25.0; with broadcasts it is the other way round. Versions are only in the driver's own words: its number is
/// always 1.
bool reads_lanes_by_broadcast(const VkPhysicalDeviceDriverProperties& driver) {
    return driver.driverID == VK_DRIVER_ID_MESA_LLVMPIPE && mesa_version(driver.driverInfo) > 22;
}

DeviceInfo describe(VkInstance instance, VkPhysicalDevice physical) {
    VkPhysicalDeviceMaintenance3Properties maintenance = {};
    maintenance.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_MAINTENANCE_3_PROPERTIES;
    VkPhysicalDeviceSubgroupProperties subgroup = {};
    subgroup.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_SUBGROUP_PROPERTIES;
    subgroup.pNext = &maintenance;
    VkPhysicalDeviceDriverProperties driver = {};
    driver.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_DRIVER_PROPERTIES;
    driver.pNext = &subgroup;
    VkPhysicalDeviceProperties2 properties = {};
    properties.sType = VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2;
    properties.pNext = &driver;
    vkGetPhysicalDeviceProperties2(physical, &properties);
    VkPhysicalDeviceMemoryProperties memory = {};
    vkGetPhysicalDeviceMemoryProperties(physical, &memory);

    DeviceInfo info;
    info.name = properties.properties.deviceName;
    info.driver = fmt::format("{} {}", driver.driverName, driver.driverInfo);
    info.type = type_name(properties.properties.deviceType);
    for (std::uint32_t heap = 0; heap < memory.memoryHeapCount; ++heap) {
        info.memory_bytes = std::max<std::uint64_t>(info.memory_bytes, memory.memoryHeaps[heap].size);
    }
    info.max_allocation_bytes = maintenance.maxMemoryAllocationSize;
    info.max_buffer_range = properties.properties.limits.maxStorageBufferRange;
    info.max_texel_elements = std::min(properties.properties.limits.maxTexelBufferElements, kMostTexels);
    info.subgroup_size = subgroup.subgroupSize;
    info.staged = !shared_type(memory, ~0U);
    info.kernels = obstacle(physical, properties.properties.apiVersion, subgroup);
    info.usable = info.kernels.empty();
    info.available_bytes = available_bytes(physical, info.type);
    if (info.usable) info.features = query_features(instance, physical);
    info.features.broadcasts = reads_lanes_by_broadcast(driver);
    return info;
}

/// Destroys the instance on every exit from `list_devices`, including exceptions.
struct InstanceGuard {
    VkInstance instance;
    ~InstanceGuard() { vkDestroyInstance(instance, nullptr); }
};

std::size_t choose(const std::vector<DeviceInfo>& infos, const std::string& selector) {
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < infos.size(); ++i) {
        const bool named =
            selector.empty() || selector == std::to_string(i) || infos[i].name.find(selector) != std::string::npos;
        if (!named || !infos[i].usable) continue;
        if (!best || rank(infos[i]) < rank(infos[*best])) best = i;
    }
    // The first of equally good devices; an index or a name selects another.
    if (best) return *best;
    std::string usable;
    for (std::size_t i = 0; i < infos.size(); ++i) {
        if (infos[i].usable) usable += fmt::format("{}{} {}", usable.empty() ? "" : ", ", i, infos[i].name);
    }
    if (usable.empty())
        fail(
            "no usable Vulkan device; 'bellwether devices' says why. Debian's mesa-vulkan-drivers has one for every "
            "machine");
    throw EngineError(EngineError::Kind::Input,
                      fmt::format("no usable Vulkan device is '{}'; known: {}", selector, usable));
}

}  // namespace

void check(VkResult result, const char* what) {
    if (result != VK_SUCCESS)
        fail(fmt::format("{}: {} (VkResult {})", what, plain_words(result), static_cast<int>(result)));
}

Device::Device(const std::string& selector, Transfers transfers) : instance_(make_instance()) {
    try {
        const std::vector<VkPhysicalDevice> devices = physical_devices(instance_);
        std::vector<DeviceInfo> infos;
        infos.reserve(devices.size());
        for (VkPhysicalDevice device : devices) infos.push_back(describe(instance_, device));
        const std::size_t chosen = choose(infos, selector);
        physical_ = devices[chosen];
        info_ = infos[chosen];
        info_.staged = info_.staged || transfers == Transfers::Staged;
        queue_family_ = compute_family(physical_).value();

        // One queue, since the passes of a model depend on each other.
        const float priority = 1.0F;
        VkDeviceQueueCreateInfo queue = {};
        queue.sType = VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO;
        queue.queueFamilyIndex = queue_family_;
        queue.queueCount = 1;
        queue.pQueuePriorities = &priority;
        const EnabledFeatures features(info_.features);
        VkDeviceCreateInfo create = {};
        create.sType = VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO;
        create.pNext = features.chain();
        create.enabledExtensionCount = static_cast<std::uint32_t>(features.extensions().size());
        create.ppEnabledExtensionNames = features.extensions().data();
        create.queueCreateInfoCount = 1;
        create.pQueueCreateInfos = &queue;
        check(vkCreateDevice(physical_, &create, nullptr, &device_), "opening the device");
        vkGetDeviceQueue(device_, queue_family_, 0, &queue_);
    } catch (...) {
        vkDestroyInstance(instance_, nullptr);
        throw;
    }
}

Device::~Device() {
    vkDestroyDevice(device_, nullptr);
    vkDestroyInstance(instance_, nullptr);
}

std::uint64_t Device::available_bytes() const {
    return vulkan::available_bytes(physical_, info_.type);
}

std::uint32_t Device::memory_type(std::uint32_t allowed, Home home) const {
    VkPhysicalDeviceMemoryProperties memory = {};
    vkGetPhysicalDeviceMemoryProperties(physical_, &memory);
    const auto type = home == Home::Host ? host_type(memory, allowed)
                      : info_.staged     ? find_type(memory, allowed, 0, device_heap(memory))
                                         : shared_type(memory, allowed);
    if (type) return *type;
    fail(fmt::format("{} has no suitable memory type for buffers used by {}", info_.name,
                     home == Home::Host ? "it and the host" : "kernels"));
}

std::vector<DeviceInfo> list_devices() {
    VkInstance instance = nullptr;
    try {
        instance = make_instance();
    } catch (const EngineError&) {
        return {};  // no driver at all
    }
    const InstanceGuard guard{instance};
    std::vector<DeviceInfo> infos;
    for (VkPhysicalDevice device : physical_devices(instance)) infos.push_back(describe(instance, device));
    return infos;
}

}  // namespace engine::vulkan
