#include "engine/base/part_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <random>
#include <stdexcept>
#include <string_view>

namespace engine::base {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnding = ".part";
constexpr std::size_t kDigits = 8;

/// Lock on a folder or file (flock), held while this object lives. The system releases it when the process ends in any
/// way.
class Lock {
public:
    Lock(const std::string& path, int flags, int how) : descriptor_(::open(path.c_str(), flags | O_CLOEXEC)) {
        held_ = descriptor_ >= 0 && ::flock(descriptor_, how) == 0;
    }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;
    ~Lock() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    bool held() const { return held_; }

private:
    int descriptor_;
    bool held_ = false;
};

bool is_part_of(std::string_view name, std::string_view goal) {
    return name.size() == goal.size() + 1 + kDigits + kEnding.size() && name.starts_with(goal) &&
           name[goal.size()] == '.' && name.ends_with(kEnding) &&
           name.substr(goal.size() + 1, kDigits).find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// Removes the temporary files of killed processes: those for this goal that nobody has locked.
void remove_left_over(const fs::path& goal) {
    std::error_code ignored;
    for (const fs::directory_entry& entry : fs::directory_iterator(goal.parent_path(), ignored)) {
        if (!is_part_of(entry.path().filename().string(), goal.filename().string())) continue;
        const std::string path = entry.path().string();
        if (Lock(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK, LOCK_EX | LOCK_NB).held()) ::unlink(path.c_str());
    }
}

[[noreturn]] void fail() {
    throw std::runtime_error(std::strerror(errno));
}

}  // namespace

PartFile::PartFile(const std::string& path) : path_(path) {
    std::error_code error;
    const fs::path folder = fs::path(path).parent_path();
    fs::create_directories(folder, error);
    if (error) throw std::runtime_error(error.message());
    // Held until the new file has its own lock, so that no other process removes it as a leftover.
    const Lock all(folder.string(), O_RDONLY | O_DIRECTORY, LOCK_EX);
    if (all.held()) remove_left_over(path);
    // Random names instead of process ids: containers that share a folder may have the same ids.
    std::random_device random;
    do {
        part_ = fmt::format("{}.{:08x}{}", path, random(), kEnding);
        // O_EXCL: two writers never share a temporary file.
        descriptor_ = ::open(part_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    } while (descriptor_ < 0 && errno == EEXIST);
    if (descriptor_ < 0) fail();
    ::flock(descriptor_, LOCK_EX | LOCK_NB);
}

PartFile::~PartFile() {
    ::close(descriptor_);
    ::unlink(part_.c_str());  // nothing is there after finish()
}

void PartFile::write(std::span<const std::byte> bytes, std::uint64_t offset) const {
    while (!bytes.empty()) {
        const ssize_t written = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        // Interrupted by a signal: try again.
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
