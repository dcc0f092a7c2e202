#include "harness/download/part_file.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <vector>

#include "harness/base/work_error.hpp"

namespace harness::download {
namespace {

constexpr std::size_t kHashedBlock = std::size_t{1} << 16;
constexpr base::PendingRules kRules{.busy = base::PendingRules::Busy::Refuse,
                                    .leftover = base::PendingRules::Leftover::Continue};

const std::string& with_folder(const std::string& path) {
    std::error_code error;
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    std::filesystem::create_directories(folder, error);
    if (error) throw base::WorkError(fmt::format("{}: cannot be made: {}", folder.string(), error.message()));
    return path;
}

}  // namespace

PartFile::PartFile(const std::string& path) : file_(with_folder(path), kRules) {
    std::vector<char> block(kHashedBlock);
    for (std::uint64_t at = 0; at < file_.size();) {
        const ssize_t got = ::pread(file_.descriptor(), block.data(), block.size(), static_cast<off_t>(at));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0)
            throw base::WorkError(fmt::format("{}: cannot be read: {}", file_.temporary_path(), std::strerror(errno)));
        sum_.add(std::string_view(block.data(), static_cast<std::size_t>(got)));
        at += static_cast<std::uint64_t>(got);
    }
}

PartFile::~PartFile() {
    if (!discarded_ && size() > 0) file_.keep();
}

void PartFile::append(std::string_view bytes) {
    file_.append(bytes);
    sum_.add(bytes);
}

void PartFile::clear() {
    file_.clear();
    sum_ = base::Sha256();
}

void PartFile::finish() {
    file_.publish();
}

}  // namespace harness::download
