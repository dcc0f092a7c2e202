#include "harness/base/read_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "harness/base/descriptor.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/base/work_error.hpp"

namespace harness::base {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 16;

[[noreturn]] void refuse_size(const std::string& path, std::uint64_t max_bytes) {
    throw UsageError(fmt::format("{}: larger than {} bytes, the limit for a text file", path, max_bytes));
}

}  // namespace

std::string read_file(const std::string& path, std::uint64_t max_bytes) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open() && (errno == ENOENT || errno == ENOTDIR)) throw UsageError(path + ": no such file");
    if (!file.is_open()) throw UsageError(fmt::format("{}: cannot be read: {}", path, std::strerror(errno)));
    struct stat status = {};
    if (::fstat(file.get(), &status) == 0 && S_ISDIR(status.st_mode))
        throw UsageError(path + ": is a folder, expected a file");
    if (S_ISREG(status.st_mode) && static_cast<std::uint64_t>(status.st_size) > max_bytes) refuse_size(path, max_bytes);
    std::string text;
    if (S_ISREG(status.st_mode)) text.reserve(static_cast<std::size_t>(status.st_size));
    std::array<char, kBlock> block = {};
    for (;;) {
        // The size above is only a hint: pipes have none, and a file may grow while it is read.
        const ssize_t got = ::read(file.get(), block.data(), block.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw WorkError(fmt::format("{}: cannot be read: {}", path, std::strerror(errno)));
        if (got == 0) return text;
        text.append(block.data(), static_cast<std::size_t>(got));
        if (text.size() > max_bytes) refuse_size(path, max_bytes);
    }
}

}  // namespace harness::base
