#include "engine/vulkan/pipeline_cache.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "engine/base/hex.hpp"
#include "engine/base/part_file.hpp"
#include "engine/base/sha256.hpp"

namespace engine::vulkan {
namespace {

constexpr std::size_t kSumBytes = 64;     // SHA-256 in hexadecimal
constexpr std::size_t kHeaderBytes = 32;  // size of VkPipelineCacheHeaderVersionOne, which ends with the PipelineOwner
// Larger files are ignored; compiled kernels need far less.
constexpr std::uintmax_t kMaxFile = std::uintmax_t{256} << 20;

PipelineOwner owner_of(const Device& device) {
    VkPhysicalDeviceProperties properties = {};
    vkGetPhysicalDeviceProperties(device.physical(), &properties);
    PipelineOwner owner = {};
    std::memcpy(owner.data(), &properties.vendorID, 4);
    std::memcpy(owner.data() + 4, &properties.deviceID, 4);
    std::memcpy(owner.data() + 8, properties.pipelineCacheUUID, VK_UUID_SIZE);
    return owner;
}

/// Path of the cache file for an owner; empty when the user has no cache folder.
std::string path_of(const PipelineOwner& owner) {
    std::filesystem::path folder;
    const char* cache = std::getenv("XDG_CACHE_HOME");
    const char* home = std::getenv("HOME");
    if (cache != nullptr && *cache != '\0') {
        folder = cache;
    } else if (home != nullptr && *home != '\0') {
        folder = std::filesystem::path(home) / ".cache";
    } else {
        return "";
    }
    return (folder / "bellwether" / "pipelines" / base::to_hex(owner)).string();
}

std::vector<std::byte> read_file(const std::string& path) {
    std::error_code error;
    const std::uintmax_t size = std::filesystem::file_size(path, error);
    if (error || size > kMaxFile) return {};
    std::vector<std::byte> bytes(size);
    std::ifstream in(path, std::ios::binary);
    in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
    if (!in) return {};
    return bytes;
}

}  // namespace

std::optional<std::span<const std::byte>> pipeline_data(std::span<const std::byte> file, const PipelineOwner& owner) {
    if (file.size() < kSumBytes + kHeaderBytes) return std::nullopt;
    const std::span<const std::byte> data = file.subspan(kSumBytes);
    const std::string sum = base::sha256_hex(data);
    // Drivers may crash on damaged data, so it is checked first.
    if (std::memcmp(file.data(), sum.data(), kSumBytes) != 0) return std::nullopt;
    std::uint32_t header[2] = {};
    std::memcpy(header, data.data(), sizeof header);
    // Drivers should refuse foreign data themselves, but not all do.
    const bool mine = header[0] == kHeaderBytes && header[1] == VK_PIPELINE_CACHE_HEADER_VERSION_ONE &&
                      std::equal(owner.begin(), owner.end(), data.begin() + sizeof header);
    return mine ? std::optional(data) : std::nullopt;
}

std::vector<std::byte> pipeline_file(std::span<const std::byte> data) {
    const std::string sum = base::sha256_hex(data);
    std::vector<std::byte> file(kSumBytes + data.size());
    std::memcpy(file.data(), sum.data(), kSumBytes);
    std::copy(data.begin(), data.end(), file.begin() + kSumBytes);
    return file;
}

PipelineCache::PipelineCache(const Device& device) : device_(device) {
    const PipelineOwner owner = owner_of(device);
    path_ = path_of(owner);
    if (!path_.empty()) stored_ = read_file(path_);
    const auto data = pipeline_data(stored_, owner);
    VkPipelineCacheCreateInfo create = {};
    create.sType = VK_STRUCTURE_TYPE_PIPELINE_CACHE_CREATE_INFO;
    if (data) {
        create.initialDataSize = data->size();
        create.pInitialData = data->data();
    }
    VkPipelineCache cache = nullptr;
    check(vkCreatePipelineCache(device.get(), &create, nullptr, &cache), "making a pipeline cache");
    cache_ = {device.get(), cache};
}

PipelineCache::~PipelineCache() {
    try {
        store();
    } catch (const std::exception&) {
        // Not an error: the next process only has to compile again.
    }
}

void PipelineCache::store() const {
    std::size_t size = 0;
    if (path_.empty() || vkGetPipelineCacheData(device_.get(), get(), &size, nullptr) != VK_SUCCESS) return;
    if (size <= kHeaderBytes) return;  // the driver keeps its own cache
    std::vector<std::byte> data(size);
    if (vkGetPipelineCacheData(device_.get(), get(), &size, data.data()) != VK_SUCCESS) return;
    data.resize(size);
    const std::vector<std::byte> file = pipeline_file(data);
    // Nothing new was compiled.
    if (file == stored_) return;
    const base::PartFile part(path_);
    part.write(file, 0);
    part.finish();
}

}  // namespace engine::vulkan
