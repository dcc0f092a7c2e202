#include "suites/fetch/staging.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <random>
#include <stdexcept>

namespace suites::fetch {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPrefix = ".fetch-";

/// Syncs a file or folder to disk: after a crash, a renamed file without its content would be a truncated data set.
void sync(const fs::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return;
    const bool failed = ::fsync(descriptor) != 0 && errno != EINVAL;  // some file systems cannot sync a folder
    const int error = errno;
    ::close(descriptor);
    if (failed) throw std::runtime_error(fmt::format("{}: cannot be written: {}", path.string(), std::strerror(error)));
}

[[noreturn]] void fail_write(const fs::path& path, const std::string& why) {
    throw std::runtime_error(fmt::format("{}: cannot be written: {}; nothing was put in place", path.string(), why));
}

}  // namespace

LockedFolder::LockedFolder(const fs::path& path, int how)
    : descriptor_(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) {
    locked_ = descriptor_ >= 0 && ::flock(descriptor_, how) == 0;
}

LockedFolder::~LockedFolder() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

Staging::Staging(const std::string& data_dir) : data_dir_(data_dir) {
    std::random_device random;
    folder_ = data_dir_ / fmt::format("{}{:08x}{:08x}", kPrefix, random(), random());
    std::error_code error;
    fs::create_directories(data_dir_, error);
    if (error) fail_write(data_dir_, error.message());
    // Held so that no other process removes the new folder as a leftover before it is locked.
    const LockedFolder all(data_dir_, LOCK_EX);
    if (all.locked()) remove_left_over();
    fs::create_directory(folder_, error);
    if (error) fail_write(data_dir_, error.message());
    lock_.emplace(folder_, LOCK_EX);
}

Staging::~Staging() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

void Staging::add(const std::string& file, const Converted& converted) {
    const fs::path path = folder_ / file;
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    if (error) fail_write(data_dir_ / file, error.message());
    errno = 0;
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out << converted.text;
    for (const Row& row : converted.rows) out << row_text(row) << '\n';
    out.close();
    if (!out) fail_write(data_dir_ / file, errno != 0 ? std::strerror(errno) : "no space?");
    sync(path);
    files_.push_back(file);
}

void Staging::finish() {
    for (const std::string& file : files_) {
        const fs::path goal = data_dir_ / file;
        std::error_code error;
        fs::create_directories(goal.parent_path(), error);
        fs::rename(folder_ / file, goal, error);
        if (error) throw std::runtime_error(fmt::format("{}: cannot be written: {}", goal.string(), error.message()));
        sync(goal.parent_path());
    }
}

void Staging::remove_left_over() const {
    std::error_code error;
    std::vector<fs::path> left;
    for (const auto& entry : fs::directory_iterator(data_dir_, error)) {
        const fs::path& path = entry.path();
        if (path.filename().string().starts_with(kPrefix) && LockedFolder(path, LOCK_EX | LOCK_NB).locked())
            left.push_back(path);
    }
    for (const fs::path& path : left) fs::remove_all(path, error);
}

}  // namespace suites::fetch
