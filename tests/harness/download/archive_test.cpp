#include "harness/download/archive.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <utility>
#include <vector>

#include "harness/download/download.hpp"
#include "tests/harness/download/content.hpp"
#include "tests/support/temporary.hpp"

namespace {

namespace fs = std::filesystem;

/// A .tar.gz in the folder with these files.
std::string archive_in(const Temporary& folder, const std::vector<std::pair<std::string, std::string>>& files) {
    std::string name = folder / "a.tar.gz";
    const std::unique_ptr<::archive, int (*)(::archive*)> out(archive_write_new(), archive_write_free);
    archive_write_add_filter_gzip(out.get());
    archive_write_set_format_ustar(out.get());
    REQUIRE(archive_write_open_filename(out.get(), name.c_str()) == ARCHIVE_OK);
    for (const auto& [member, content] : files) {
        const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(), archive_entry_free);
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

std::string complaint(const std::string& archive, const std::vector<std::string>& members, const std::string& folder) {
    try {
        harness::download::unpack(archive, members, folder);
    } catch (const harness::download::DownloadError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_SUITE("download.archive") {
    TEST_CASE("only the requested members are written") {
        const Temporary folder;
        const std::string archive =
            archive_in(folder, {{"./qa/a.json", "A"}, {"../outside", "X"}, {"qa/b.json", "B"}, {"qa/c.json", "C"}});
        CHECK(harness::download::unpack(archive, {"qa/b.json", "qa/a.json"}, folder / "out/in"));
        CHECK(read(folder / "out/in/qa/a.json") == "A");
        CHECK(read(folder / "out/in/qa/b.json") == "B");
        CHECK_FALSE(fs::exists(folder / "out/in/qa/c.json"));
        CHECK_FALSE(fs::exists(folder / "out/outside"));
    }

    TEST_CASE("existing files are not changed") {
        const Temporary folder;
        const std::string archive = archive_in(folder, {{"a", "A"}});
        CHECK(harness::download::unpack(archive, {"a"}, folder / "out"));
        fs::remove(archive);
        CHECK_FALSE(harness::download::unpack(archive, {"a"}, folder / "out"));
    }

    TEST_CASE("a member that is not in the archive is named") {
        const Temporary folder;
        const std::string message = complaint(archive_in(folder, {{"a", "A"}}), {"a", "b"}, folder / "out");
        CHECK(message.find("a.tar.gz: it has no file b") != std::string::npos);
    }

    TEST_CASE("a truncated or invalid archive leaves no file under a member's name") {
        const Temporary folder;
        const std::string archive = archive_in(folder, {{"a", content()}});
        fs::resize_file(archive, fs::file_size(archive) / 2);
        CHECK_FALSE(complaint(archive, {"a"}, folder / "out").empty());
        CHECK(fs::is_empty(folder / "out"));
        std::ofstream(archive, std::ios::trunc) << content();
        CHECK(complaint(archive, {"a"}, folder / "out").find("fetch it again") != std::string::npos);
        CHECK(complaint(folder / "absent.tar.gz", {"a"}, folder / "out").find("absent") != std::string::npos);
    }
}
