#include "engine/vulkan/machine_memory.hpp"

#include <algorithm>
#include <fstream>
#include <optional>
#include <string>

namespace engine::vulkan {
namespace {

/// The number after "`key`:" in a /proc file, converted from KiB to bytes; 0 when absent.
std::uint64_t kibibytes(const char* path, const std::string& key) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with(key + ":")) return std::strtoull(line.c_str() + key.size() + 1, nullptr, 10) * 1024;
    }
    return 0;
}

/// The content of a file with one number; nullopt when the file is absent or contains "max".
std::optional<std::uint64_t> number_in(const char* path) {
    std::ifstream file(path);
    std::uint64_t value = 0;
    if (file >> value) return value;
    return std::nullopt;
}

}  // namespace

std::uint64_t available_memory_bytes() {
    // MemAvailable and not MemFree: the page cache can be dropped.
    const std::uint64_t machine = kibibytes("/proc/meminfo", "MemAvailable");
    const auto limit = number_in("/sys/fs/cgroup/memory.max");
    const auto used = number_in("/sys/fs/cgroup/memory.current");
    // No limit outside a container.
    if (!limit || !used) return machine;
    return std::min(machine, *limit - std::min(*limit, *used));
}

ProcessMemory process_memory() {
    return {.resident_bytes = kibibytes("/proc/self/status", "VmRSS"),
            .anonymous_bytes = kibibytes("/proc/self/status", "RssAnon")};
}

}  // namespace engine::vulkan
