#include "engine/formats/mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "engine/language_model.hpp"

namespace engine::formats {
namespace {

[[noreturn]] void fail(const std::string& path, const std::string& what) {
    throw EngineError(EngineError::Kind::Input, path + ": " + what);
}

/// Time of the last modification of the content. [ns]
std::int64_t modified(const struct stat& status) {
    return std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
}

}  // namespace

MappedFile::MappedFile(const std::string& path) : path_(path) {
    // Without O_NONBLOCK, opening a named pipe would wait for a writer.
    descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor_ < 0) fail(path, std::string("cannot be opened: ") + std::strerror(errno));
    struct stat status = {};
    const bool readable = ::fstat(descriptor_, &status) == 0 && S_ISREG(status.st_mode);
    if (!readable || status.st_size <= 0) {
        ::close(descriptor_);
        fail(path, readable ? "the file is empty" : "not a regular file");
    }
    const auto size = static_cast<std::size_t>(status.st_size);
    void* const address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor_, 0);
    if (address == MAP_FAILED) {
        const int error = errno;
        ::close(descriptor_);
        fail(path, std::string("cannot be mapped: ") + std::strerror(error));
    }
    modified_ = modified(status);
    // Mapped instead of read, because weights are read only once, and only a few rows of the embedding table.
    bytes_ = {static_cast<const std::byte*>(address), size};
    guard_ = std::make_unique<ReadGuard>(bytes_);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      modified_(other.modified_),
      bytes_(std::exchange(other.bytes_, {})),
      guard_(std::move(other.guard_)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(descriptor_, other.descriptor_);
    std::swap(modified_, other.modified_);
    std::swap(bytes_, other.bytes_);
    std::swap(guard_, other.guard_);
    return *this;
}

MappedFile::~MappedFile() {
    guard_.reset();
    if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
    if (descriptor_ >= 0) ::close(descriptor_);
}

void MappedFile::check() const {
    struct stat status = {};
    const bool same = ::fstat(descriptor_, &status) == 0 && static_cast<std::size_t>(status.st_size) == bytes_.size() &&
                      modified(status) == modified_;
    if (same && !guard_->failed()) return;
    throw EngineError(EngineError::Kind::Device,
                      path_ + (same ? ": the file could not be read" : ": the file was changed while it was in use") +
                          "; open it again");
}

void release_pages(std::span<const std::byte> part) {
    static const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    const auto begin = (reinterpret_cast<std::uintptr_t>(part.data()) + page - 1) / page * page;
    const auto end = reinterpret_cast<std::uintptr_t>(part.data() + part.size()) / page * page;
    // Only advice: without it the process is larger, nothing else.
    if (begin < end)
        ::madvise(const_cast<std::byte*>(part.data()) + (begin - reinterpret_cast<std::uintptr_t>(part.data())),
                  end - begin, MADV_DONTNEED);
}

}  // namespace engine::formats
