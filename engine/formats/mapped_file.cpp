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

}  // namespace

MappedFile::MappedFile(const std::string& path) {
    // Without O_NONBLOCK the open of a named pipe would wait for a writer.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) fail(path, std::string("cannot be opened: ") + std::strerror(errno));
    struct stat status = {};
    const bool readable = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
    if (!readable || status.st_size <= 0) {
        ::close(descriptor);
        fail(path, readable ? "the file is empty" : "not a regular file");
    }
    const auto size = static_cast<std::size_t>(status.st_size);
    void* const address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    const int error = errno;
    ::close(descriptor);  // the mapping keeps the file
    if (address == MAP_FAILED) fail(path, std::string("cannot be mapped: ") + std::strerror(error));
    bytes_ = {static_cast<const std::byte*>(address), size};
}

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
    std::swap(bytes_, other.bytes_);
    return *this;
}

MappedFile::~MappedFile() {
    if (!bytes_.empty()) ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

}  // namespace engine::formats
