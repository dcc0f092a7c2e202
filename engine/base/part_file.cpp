#include "engine/base/part_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <random>
#include <stdexcept>

namespace engine::base {
namespace {

[[noreturn]] void fail() {
    throw std::runtime_error(std::strerror(errno));
}

}  // namespace

PartFile::PartFile(const std::string& path) : path_(path) {
    std::error_code error;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
    if (error) throw std::runtime_error(error.message());
    // Not named by the process: in containers that share a folder, processes have the same numbers.
    std::random_device random;
    do {
        part_ = fmt::format("{}.{:08x}.part", path, random());
        descriptor_ = ::open(part_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    } while (descriptor_ < 0 && errno == EEXIST);
    if (descriptor_ < 0) fail();
}

PartFile::~PartFile() {
    ::close(descriptor_);
    ::unlink(part_.c_str());  // nothing is there after finish()
}

void PartFile::write(std::span<const std::byte> bytes, std::uint64_t offset) const {
    while (!bytes.empty()) {
        const ssize_t written = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) fail();
        bytes = bytes.subspan(static_cast<std::size_t>(written));
        offset += static_cast<std::uint64_t>(written);
    }
}

void PartFile::finish() const {
    if (::rename(part_.c_str(), path_.c_str()) != 0) fail();
}

}  // namespace engine::base
