#include "harness/base/output_target.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>

#include "harness/base/descriptor.hpp"
#include "harness/base/number_from.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/base/work_error.hpp"

namespace harness::base {
namespace {

constexpr int kMaxLinks = 40;  // the limit of Linux

[[noreturn]] void fail_to_write(const std::string& path, int error) {
    throw WorkError(fmt::format("{}: cannot be written: {}", path, std::strerror(error)));
}

/// The folder of a path, with symbolic links resolved.
std::string real_folder(const std::string& path, const std::string& name) {
    const std::size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const std::unique_ptr<char, decltype(&std::free)> real(::realpath(folder.c_str(), nullptr), &std::free);
    if (!real) {
        throw WorkError(fmt::format("{}: cannot be written: folder {}: {}{}", name, folder, std::strerror(errno),
                                    errno == ENOENT ? "; make it first" : ""));
    }
    return real.get();
}

std::string link_goal(const std::string& path) {
    std::array<char, PATH_MAX> goal = {};
    const ssize_t size = ::readlink(path.c_str(), goal.data(), goal.size());
    if (size < 0) fail_to_write(path, errno);
    return std::string(goal.data(), static_cast<std::size_t>(size));
}

/// NUMBER if the path is /proc/PID/fd/NUMBER of this process, to which /dev/stdout, /dev/fd/3 and the like lead.
std::optional<int> own_descriptor(const std::string& folder, std::string_view name) {
    if (!folder.starts_with(fmt::format("/proc/{}/", ::getpid())) || !folder.ends_with("/fd")) return std::nullopt;
    return number_from<int>(name);
}

void refuse_database(const std::string& path, const std::string& name) {
    if (is_database(path)) throw UsageError(name + ": is a database, which no output overwrites; name another file");
    for (const std::string_view end : {"-wal", "-shm", "-journal"}) {
        if (path.ends_with(end) && is_database(path.substr(0, path.size() - end.size())))
            throw UsageError(name + ": belongs to a database, which no output overwrites; name another file");
    }
}

OutputTarget descriptor_target(int number, const std::string& name) {
    struct stat status = {};
    if (::fstat(number, &status) != 0) fail_to_write(name, errno);
    if (S_ISREG(status.st_mode)) refuse_database(fmt::format("/proc/self/fd/{}", number), name);
    return {
        .kind = OutputTarget::Kind::Descriptor, .path = name, .name = name, .descriptor = number, .permissions = {}};
}

/// `status` is that of the final file, after links.
OutputTarget existing_target(const std::string& path, const std::string& name, const struct stat& status) {
    OutputTarget target{
        .kind = OutputTarget::Kind::File, .path = path, .name = name, .descriptor = -1, .permissions = {}};
    if (S_ISDIR(status.st_mode)) throw UsageError(name + ": is a folder; name a file");
    if (S_ISBLK(status.st_mode)) throw UsageError(name + ": is a disk; name a file");
    if (S_ISSOCK(status.st_mode)) throw UsageError(name + ": is a socket; name a file");
    if (S_ISCHR(status.st_mode) || S_ISFIFO(status.st_mode)) {
        target.kind = OutputTarget::Kind::Device;
        return target;
    }
    refuse_database(path, name);
    // A rename would silently replace a write-protected file.
    if (::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) != 0) fail_to_write(name, errno);
    target.permissions = {.mode = status.st_mode & 0777U, .owner = status.st_uid, .group = status.st_gid};
    return target;
}

}  // namespace

bool is_database(const std::string& path) {
    constexpr std::string_view kHeader("SQLite format 3\0", 16);
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    std::array<char, 16> start = {};
    return file.is_open() && ::pread(file.get(), start.data(), start.size(), 0) == std::ssize(start) &&
           std::string_view(start.data(), start.size()) == kHeader;
}

OutputTarget resolve_output(const std::string& path) {
    if (path.empty()) throw UsageError("the name of an output file is empty");
    if (path == "-") return descriptor_target(STDOUT_FILENO, "standard output");
    std::string current = path;
    for (int links = 0; links <= kMaxLinks; ++links) {
        const std::string folder = real_folder(current, path);
        const std::string last = current.substr(current.rfind('/') + 1);  // npos + 1 is 0
        if (last.empty()) throw UsageError(path + ": is the name of a folder; name a file");
        if (const std::optional<int> number = own_descriptor(folder, last)) return descriptor_target(*number, path);
        const std::string whole = fmt::format("{}{}{}", folder, folder.ends_with('/') ? "" : "/", last);
        struct stat status = {};
        if (::lstat(whole.c_str(), &status) != 0) {
            if (errno != ENOENT) fail_to_write(path, errno);
            refuse_database(whole, path);
            return {.kind = OutputTarget::Kind::File, .path = whole, .name = path, .descriptor = -1, .permissions = {}};
        }
        if (!S_ISLNK(status.st_mode)) return existing_target(whole, path, status);
        const std::string goal = link_goal(whole);
        current = goal.starts_with('/') ? goal : fmt::format("{}/{}", folder, goal);
    }
    fail_to_write(path, ELOOP);
}

}  // namespace harness::base
