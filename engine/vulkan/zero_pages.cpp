#include "engine/vulkan/zero_pages.hpp"

#include <sys/mman.h>
#include <unistd.h>

namespace engine::vulkan {

ZeroPages::ZeroPages(std::size_t size) {
    const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    const std::size_t rounded = (size + page - 1) / page * page;
    void* const address = ::mmap(nullptr, rounded, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (address != MAP_FAILED) bytes_ = {static_cast<std::byte*>(address), rounded};
}

ZeroPages::~ZeroPages() {
    if (!bytes_.empty()) ::munmap(bytes_.data(), bytes_.size());
}

}  // namespace engine::vulkan
