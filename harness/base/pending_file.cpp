#include "harness/base/pending_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <thread>
#include <utility>

#include "harness/base/random_hex.hpp"
#include "harness/base/sha256.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/base/work_error.hpp"

namespace harness::base {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

constexpr std::string_view kEnding = ".bellwether";
constexpr std::size_t kNameDigits = 16;
constexpr std::size_t kMaxName = 200;  // leaves space for prefix, digits and -journal within 255 bytes
constexpr std::chrono::milliseconds kPoll{20};
constexpr std::chrono::seconds kFolderPatience{5};  // a folder is locked only while it is listed
constexpr std::chrono::seconds kWriterPatience{60};

/// Polls, so that neither a stopped process nor a lock of another user on a shared folder can block forever.
bool lock_within(int descriptor, std::chrono::seconds patience) {
    const auto end = steady_clock::now() + patience;
    while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) return false;
        if (steady_clock::now() >= end) return false;
        std::this_thread::sleep_for(kPoll);
    }
    return true;
}

void remove_with_companions(const std::string& path) {
    for (const char* end : {"-wal", "-shm", "-journal", ""}) ::unlink((path + end).c_str());
}

/// Opens an ordinary file of this user; does not follow a symbolic link that an attacker may have placed there.
Descriptor open_own(const std::string& path) {
    Descriptor file(::open(path.c_str(), O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat status = {};
    const bool own =
        file.is_open() && ::fstat(file.get(), &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == ::geteuid();
    return own ? std::move(file) : Descriptor();
}

bool is_temporary_name(std::string_view name, std::string_view prefix) {
    if (name.size() != prefix.size() + kNameDigits + kEnding.size() || !name.starts_with(prefix)) return false;
    const std::string_view digits = name.substr(prefix.size(), kNameDigits);
    return name.ends_with(kEnding) && digits.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// Restores owner and group if permitted: another owner, or a group without this user, is lost.
void keep_permissions(int descriptor, const FilePermissions& permissions) {
    constexpr uid_t kSame = static_cast<uid_t>(-1);
    struct stat status = {};
    if (::fstat(descriptor, &status) != 0) return;
    const bool same = status.st_uid == permissions.owner && status.st_gid == permissions.group;
    if (!same && ::fchown(descriptor, permissions.owner, permissions.group) != 0)
        static_cast<void>(::fchown(descriptor, kSame, permissions.group) == 0);
    if ((status.st_mode & 0777U) != permissions.mode) ::fchmod(descriptor, permissions.mode);
}

OutputTarget file_target(const std::string& path, PendingRules::Existing existing) {
    std::error_code ignored;
    // Checked first, so that merge gives this message for databases too.
    if (existing == PendingRules::Existing::Refuse && fs::exists(path, ignored))
        throw UsageError(path + ": already exists; name a new file, or remove it first");
    OutputTarget target = resolve_output(path);
    if (target.kind != OutputTarget::Kind::File) throw UsageError(path + ": is a device or pipe; name a file");
    return target;
}

}  // namespace

PendingFile::PendingFile(const std::string& path, const PendingRules& rules)
    : PendingFile(file_target(path, rules.existing), rules) {}

PendingFile::PendingFile(OutputTarget target, const PendingRules& rules) : target_(std::move(target)), rules_(rules) {
    const std::size_t slash = target_.path.rfind('/');
    folder_ = target_.path.substr(0, slash + 1);
    const std::string name = target_.path.substr(slash + 1);
    prefix_ = fmt::format(".{}.", name.size() <= kMaxName ? name : sha256_hex(name));
    claim();
}

PendingFile::~PendingFile() {
    if (!done_) remove_with_companions(temporary_);
}

void PendingFile::claim() {
    const auto end = steady_clock::now() + kWriterPatience;
    while (!try_claim()) {
        if (rules_.busy == PendingRules::Busy::Refuse)
            throw WorkError(target_.name + ": another process is writing it; wait until it is done");
        if (steady_clock::now() >= end) {
            throw WorkError(fmt::format("{}: another process has been writing it for {} s; 'fuser {}{}*' names it",
                                        target_.name, kWriterPatience.count(), folder_, prefix_));
        }
        std::this_thread::sleep_for(kPoll);
    }
    struct stat status = {};
    if (rules_.existing == PendingRules::Existing::Refuse && ::lstat(target_.path.c_str(), &status) == 0) {
        remove_with_companions(temporary_);
        throw UsageError(target_.name + ": already exists; name a new file, or remove it first");
    }
}

/// False while another process is writing this name.
bool PendingFile::try_claim() {
    // The folder stays locked from the search for other writers until our own file is locked, so that nobody takes our
    // file for a leftover in between.
    const Descriptor folder(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.is_open() || !lock_within(folder.get(), kFolderPatience)) {
        create();
        return true;
    }
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder_, error)) {
        if (!is_temporary_name(entry.path().filename().string(), prefix_)) continue;
        const std::string path = folder_ + entry.path().filename().string();
        if (path == temporary_) continue;  // ours, from an earlier try
        Descriptor other = open_own(path);
        if (!other.is_open()) continue;
        if (::flock(other.get(), LOCK_EX | LOCK_NB) != 0) return false;
        if (rules_.leftover == PendingRules::Leftover::Continue && !file_.is_open()) {
            file_ = std::move(other);
            temporary_ = path;
        } else {
            remove_with_companions(path);
        }
    }
    if (!file_.is_open()) {
        create();
        return true;
    }
    const off_t size = ::lseek(file_.get(), 0, SEEK_END);
    if (size < 0) fail("cannot be read");
    size_ = static_cast<std::uint64_t>(size);
    return true;
}

void PendingFile::create() {
    do {
        temporary_ = folder_ + prefix_ + random_hex(kNameDigits / 2) + std::string(kEnding);
        // The replacement of a private file must not be readable by others while it is written.
        const mode_t mode = target_.permissions ? 0600 : rules_.mode;
        file_ = Descriptor(::open(temporary_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    } while (!file_.is_open() && errno == EEXIST);
    if (!file_.is_open()) {
        const int error = errno;
        throw WorkError(
            fmt::format("{}: cannot be written: folder {}: {}", target_.name, folder_, std::strerror(error)));
    }
    ::flock(file_.get(), LOCK_EX | LOCK_NB);  // fails only where the file system has no locks
}

void PendingFile::append(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(file_.get(), bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail("cannot be written");
        bytes.remove_prefix(static_cast<std::size_t>(written));
        size_ += static_cast<std::uint64_t>(written);
    }
}

void PendingFile::clear() {
    if (::ftruncate(file_.get(), 0) != 0 || ::lseek(file_.get(), 0, SEEK_SET) != 0) fail("cannot be emptied");
    size_ = 0;
}

void PendingFile::publish() {
    if (::fsync(file_.get()) != 0 && errno != EINVAL) fail("cannot be written");
    if (target_.permissions) keep_permissions(file_.get(), *target_.permissions);
    if (rules_.existing == PendingRules::Existing::Refuse) {
        rename_without_replacing();
    } else if (::rename(temporary_.c_str(), target_.path.c_str()) != 0) {
        fail("cannot be written");
    }
    done_ = true;
    // Syncing the folder makes the rename durable. File systems that cannot sync a folder return EINVAL.
    const Descriptor folder(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.is_open() && ::fsync(folder.get()) != 0 && errno != EINVAL) fail("cannot be written");
}

void PendingFile::rename_without_replacing() const {
    int result = ::renameat2(AT_FDCWD, temporary_.c_str(), AT_FDCWD, target_.path.c_str(), RENAME_NOREPLACE);
    if (result != 0 && (errno == EINVAL || errno == ENOSYS)) {
        // Where that flag is not supported (NFS, some FUSE), a hard link does not replace an existing file either.
        result = ::link(temporary_.c_str(), target_.path.c_str());
        if (result == 0) ::unlink(temporary_.c_str());
    }
    if (result != 0 && errno == EEXIST)
        throw UsageError(target_.name + ": already exists; name a new file, or remove it first");
    if (result != 0) fail("cannot be written");
}

void PendingFile::keep() {
    done_ = true;
}

void PendingFile::fail(const char* what) const {
    const int error = errno;
    throw WorkError(fmt::format("{}: {}: {}{}", target_.name, what, std::strerror(error),
                                error == ENOSPC || error == EDQUOT ? "; free some space and try again" : ""));
}

}  // namespace harness::base
