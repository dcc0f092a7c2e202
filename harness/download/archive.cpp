#include "harness/download/archive.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <string_view>

#include "harness/base/output_file.hpp"
#include "harness/download/download.hpp"

namespace harness::download {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlock = 1 << 16;

using Reader = std::unique_ptr<archive, int (*)(archive*)>;

[[noreturn]] void fail(archive* reader, const std::string& path) {
    const char* what = archive_error_string(reader);
    throw DownloadError(fmt::format("{}: {}; remove it and fetch it again", path,
                                    what == nullptr ? "it cannot be read as an archive" : what));
}

Reader open(const std::string& path) {
    Reader reader(archive_read_new(), archive_read_free);
    archive_read_support_filter_all(reader.get());
    archive_read_support_format_tar(reader.get());
    archive_read_support_format_zip(reader.get());
    if (archive_read_open_filename(reader.get(), path.c_str(), kBlock) != ARCHIVE_OK) fail(reader.get(), path);
    return reader;
}

void copy_entry(archive* reader, const std::string& path, const std::string& goal) {
    std::error_code error;
    const fs::path folder = fs::path(goal).parent_path();
    fs::create_directories(folder, error);
    if (error) throw DownloadError(fmt::format("{}: cannot be made: {}", folder.string(), error.message()));
    base::OutputFile out(goal);
    std::array<char, kBlock> block = {};
    for (;;) {
        const auto got = archive_read_data(reader, block.data(), block.size());
        if (got < 0) fail(reader, path);
        if (got == 0) break;
        out.write({block.data(), static_cast<std::size_t>(got)});
    }
    out.finish();
}

std::string_view without_dot(std::string_view name) {
    return name.starts_with("./") ? name.substr(2) : name;
}

}  // namespace

bool unpack(const std::string& path, const std::vector<std::string>& members, const std::string& folder) {
    std::vector<std::string> wanted;
    for (const std::string& member : members) {
        if (!fs::exists(fs::path(folder) / member)) wanted.push_back(member);
    }
    if (wanted.empty()) return false;
    const Reader reader = open(path);
    archive_entry* entry = nullptr;
    while (!wanted.empty()) {
        const int result = archive_read_next_header(reader.get(), &entry);
        if (result == ARCHIVE_EOF) break;
        if (result < ARCHIVE_WARN) fail(reader.get(), path);
        const char* name = archive_entry_pathname(entry);
        if (name == nullptr || archive_entry_filetype(entry) != AE_IFREG) continue;
        const auto member = std::find(wanted.begin(), wanted.end(), without_dot(name));
        if (member == wanted.end()) continue;
        copy_entry(reader.get(), path, (fs::path(folder) / *member).string());
        wanted.erase(member);
    }
    if (!wanted.empty())
        throw DownloadError(fmt::format("{}: it has no file {}", path, fmt::join(wanted, " and no file ")));
    return true;
}

}  // namespace harness::download
