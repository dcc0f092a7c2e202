#include "harness/download/archive.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include "harness/download/download.hpp"

namespace {

namespace fs = std::filesystem;

class Folder {
public:
    Folder() : path_(fs::temp_directory_path() / ("bellwether-archive-" + std::to_string(::getpid()))) {
        fs::remove_all(path_);
        fs::create_directories(path_);
    }
    ~Folder() { fs::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::string path(const std::string& name = "") const { return (path_ / name).string(); }

    std::string text(const std::string& name) const {
        std::ifstream in(path_ / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    /// A .tar.gz with these files.
    std::string archive(const std::vector<std::pair<std::string, std::string>>& files) const {
        const std::string name = path("a.tar.gz");
        const std::unique_ptr<::archive, int (*)(::archive*)> out(archive_write_new(), archive_write_free);
        archive_write_add_filter_gzip(out.get());
        archive_write_set_format_ustar(out.get());
        REQUIRE(archive_write_open_filename(out.get(), name.c_str()) == ARCHIVE_OK);
        for (const auto& [member, content] : files) {
            const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(),
                                                                                 archive_entry_free);
            archive_entry_set_pathname(entry.get(), member.c_str());
            archive_entry_set_filetype(entry.get(), AE_IFREG);
            archive_entry_set_perm(entry.get(), 0600);
            archive_entry_set_size(entry.get(), static_cast<std::int64_t>(content.size()));
            archive_write_header(out.get(), entry.get());
            archive_write_data(out.get(), content.data(), content.size());
        }
        archive_write_close(out.get());
        return name;
    }

private:
    fs::path path_;
};

std::string complaint(const std::string& archive, const std::vector<std::string>& members, const std::string& folder) {
    try {
        harness::download::unpack(archive, members, folder);
    } catch (const harness::download::DownloadError& error) {
        return error.what();
    }
    return "";
}

std::string noise(std::size_t bytes) {
    std::string text;
    std::uint32_t state = 1;
    while (text.size() < bytes) {
        state = state * 1664525 + 1013904223;
        text += static_cast<char>(state >> 24);
    }
    return text;
}

}  // namespace

TEST_SUITE("download.archive") {
    TEST_CASE("only the members that are wanted are written") {
        const Folder folder;
        const std::string archive =
            folder.archive({{"./qa/a.json", "A"}, {"../outside", "X"}, {"qa/b.json", "B"}, {"qa/c.json", "C"}});
        CHECK(harness::download::unpack(archive, {"qa/b.json", "qa/a.json"}, folder.path("out/in")));
        CHECK(folder.text("out/in/qa/a.json") == "A");
        CHECK(folder.text("out/in/qa/b.json") == "B");
        CHECK_FALSE(fs::exists(folder.path("out/in/qa/c.json")));
        CHECK_FALSE(fs::exists(folder.path("out/outside")));
    }

    TEST_CASE("files that are there already are left as they are") {
        const Folder folder;
        const std::string archive = folder.archive({{"a", "A"}});
        CHECK(harness::download::unpack(archive, {"a"}, folder.path("out")));
        fs::remove(archive);
        CHECK_FALSE(harness::download::unpack(archive, {"a"}, folder.path("out")));
    }

    TEST_CASE("a member that is not in the archive is named") {
        const Folder folder;
        const std::string message = complaint(folder.archive({{"a", "A"}}), {"a", "b"}, folder.path("out"));
        CHECK(message.find("a.tar.gz: it has no file b") != std::string::npos);
    }

    TEST_CASE("a truncated archive and one that is none leave no file under a member's name") {
        const Folder folder;
        const std::string archive = folder.archive({{"a", noise(1 << 20)}});
        fs::resize_file(archive, fs::file_size(archive) / 2);
        CHECK_FALSE(complaint(archive, {"a"}, folder.path("out")).empty());
        CHECK_FALSE(fs::exists(folder.path("out/a")));
        std::ofstream(archive, std::ios::trunc) << noise(4096);
        CHECK(complaint(archive, {"a"}, folder.path("out")).find("fetch it again") != std::string::npos);
        CHECK(complaint(folder.path("absent.tar.gz"), {"a"}, folder.path("out")).find("absent") != std::string::npos);
    }
}
