#include "harness/base/scratch_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <limits>

#include "harness/base/work_error.hpp"

namespace harness::base {

ScratchFile::ScratchFile(std::uint64_t bytes) {
    std::string name = folder() + "/bellwether-XXXXXX";
    file_ = Descriptor(::mkstemp(name.data()));
    if (!file_.is_open()) fail("cannot be created", errno);
    ::unlink(name.c_str());
    if (bytes > static_cast<std::uint64_t>(std::numeric_limits<off_t>::max())) fail("has no space", EFBIG);
    // Returns its error instead of setting errno.
    const int error = bytes == 0 ? 0 : ::posix_fallocate(file_.get(), 0, static_cast<off_t>(bytes));
    if (error != 0) fail("has no space", error);
}

void ScratchFile::write(std::uint64_t offset, std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        const ssize_t done = ::pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) fail("cannot be written", done < 0 ? errno : ENOSPC);
        bytes = bytes.subspan(static_cast<std::size_t>(done));
        offset += static_cast<std::uint64_t>(done);
    }
}

void ScratchFile::read(std::uint64_t offset, std::span<std::byte> bytes) const {
    while (!bytes.empty()) {
        const ssize_t done = ::pread(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) fail("cannot be read", done < 0 ? errno : EIO);
        bytes = bytes.subspan(static_cast<std::size_t>(done));
        offset += static_cast<std::uint64_t>(done);
    }
}

std::string ScratchFile::folder() {
    std::error_code error;
    const std::filesystem::path path = std::filesystem::temp_directory_path(error);
    return error ? "/tmp" : path.string();
}

std::uint64_t ScratchFile::free_bytes() {
    std::error_code error;
    const std::filesystem::space_info space = std::filesystem::space(folder(), error);
    return error ? 0 : space.available;
}

void ScratchFile::fail(const char* what, int error) const {
    throw WorkError(fmt::format("a temporary file in {} {}: {}; set TMPDIR to a folder with space", folder(), what,
                                std::strerror(error)));
}

}  // namespace harness::base
