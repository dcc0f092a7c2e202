#include "harness/base/output_file.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>

#include "harness/base/usage_error.hpp"
#include "harness/base/work_error.hpp"
#include "tests/support/child.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"

using harness::base::OutputFile;
using harness::base::ReaderGoneError;
using harness::base::UsageError;
using harness::base::WorkError;
using harness::base::write_output;

namespace {

using Names = std::vector<std::string>;

template <class Error>
std::string complaint(const std::string& path) {
    try {
        write_output(path, "new");
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

mode_t mode_of(const std::string& path) {
    struct stat status = {};
    stat(path.c_str(), &status);
    return status.st_mode & 0777U;
}

/// The first 16 bytes of every database, as sqlite.org/fileformat.html gives them.
const std::string kDatabase = std::string("SQLite format 3\0", 16) + std::string(4080, '\0');

}  // namespace

TEST_SUITE("harness.base.output_file") {
    TEST_CASE("an output is replaced as a whole and keeps its permissions") {
        const Temporary folder;
        put(folder / "r.md", "old");
        chmod((folder / "r.md").c_str(), 0640);
        write_output(folder / "r.md", "new");
        CHECK(content_of(folder / "r.md") == "new");
        CHECK(mode_of(folder / "r.md") == 0640);
        chmod((folder / "r.md").c_str(), 0600);
        {
            OutputFile file(folder / "r.md");
            file.write(std::string(100000, 'x'));
            CHECK(mode_of(folder / names_in(folder.path()).at(0)) == 0600);
        }
        CHECK(content_of(folder / "r.md") == "new");  // not finished
    }

    TEST_CASE("a new output has the permissions of the umask") {
        const Temporary folder;
        const mode_t before = umask(027);
        write_output(folder / "r.md", "new");
        umask(before);
        CHECK(mode_of(folder / "r.md") == 0640);
    }

    TEST_CASE("no output overwrites a database whatever its name") {
        const Temporary folder;
        put(folder / "b.sqlite", kDatabase);
        put(folder / "b.sqlite-wal", "");
        std::filesystem::create_symlink("b.sqlite", folder / "link.json");
        std::filesystem::create_hard_link(folder / "b.sqlite", folder / "hard.json");
        for (const char* name : {"b.sqlite", "link.json", "hard.json"}) {
            CHECK(complaint<UsageError>(folder / name) ==
                  folder / name + ": is a database, which no output overwrites; name another file");
        }
        for (const char* name : {"b.sqlite-wal", "b.sqlite-shm", "b.sqlite-journal"})
            CHECK(complaint<UsageError>(folder / name).find("belongs to a database") != std::string::npos);
        const int opened = open((folder / "b.sqlite").c_str(), O_WRONLY | O_CLOEXEC);
        CHECK(complaint<UsageError>(fmt::format("/dev/fd/{}", opened)).find("is a database") != std::string::npos);
        close(opened);
        CHECK(content_of(folder / "b.sqlite") == kDatabase);
        CHECK(names_in(folder.path()) == Names{"b.sqlite", "b.sqlite-wal", "hard.json", "link.json"});
    }

    TEST_CASE("symbolic links are followed") {
        const Temporary folder;
        std::filesystem::create_directory(folder / "in");
        put(folder / "in/goal.md", "old");
        std::filesystem::create_symlink("goal.md", folder / "in/second");
        std::filesystem::create_symlink("in/second", folder / "first");
        write_output(folder / "first", "new");
        CHECK(std::filesystem::is_symlink(folder / "first"));
        CHECK(std::filesystem::is_symlink(folder / "in/second"));
        CHECK(content_of(folder / "in/goal.md") == "new");
        // A dangling link.
        std::filesystem::create_symlink("in/fresh.md", folder / "dangling");
        write_output(folder / "dangling", "fresh");
        CHECK(std::filesystem::is_symlink(folder / "dangling"));
        CHECK(content_of(folder / "in/fresh.md") == "fresh");
        std::filesystem::create_symlink("round", folder / "round");
        CHECK(complaint<WorkError>(folder / "round").find("symbolic links") != std::string::npos);
    }

    TEST_CASE("devices and pipes are written and not replaced") {
        const Temporary folder;
        write_output("/dev/null", "new");
        CHECK(std::filesystem::is_character_file("/dev/null"));
        CHECK(complaint<WorkError>("/dev/full") == "/dev/full: cannot be written: No space left on device");
        REQUIRE(mkfifo((folder / "p").c_str(), 0600) == 0);
        std::string seen;
        std::thread reader([&] { seen = content_of(folder / "p"); });
        write_output(folder / "p", std::string(150000, 'x'));
        reader.join();
        CHECK(seen == std::string(150000, 'x'));
        CHECK(std::filesystem::is_fifo(folder / "p"));
    }

    TEST_CASE("a descriptor is written at its current position") {
        const Temporary folder;
        put(folder / "log", "before\n");
        const int log = open((folder / "log").c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
        write_output(fmt::format("/dev/fd/{}", log), "one\n");
        write_output(fmt::format("/proc/self/fd/{}", log), "two\n");
        close(log);
        CHECK(content_of(folder / "log") == "before\none\ntwo\n");
        CHECK(names_in(folder.path()) == Names{"log"});
    }

    TEST_CASE("a minus sign and /dev/stdout are standard output after earlier prints") {
        const Temporary folder;
        CHECK(in_child([&] {
                  dup2(open((folder / "out").c_str(), O_WRONLY | O_CREAT, 0600), STDOUT_FILENO);
                  fmt::print("first\n");
                  write_output("-", "second\n");
                  write_output("/dev/stdout", "third\n");
                  return 0;
              }) == 0);
        CHECK(content_of(folder / "out") == "first\nsecond\nthird\n");
        CHECK(names_in(folder.path()) == Names{"out"});
    }

    TEST_CASE("a closed pipe is distinguished from a failure") {
        int ends[2];
        REQUIRE(pipe(ends) == 0);
        close(ends[0]);
        const auto before = signal(SIGPIPE, SIG_IGN);
        CHECK_THROWS_AS(write_output(fmt::format("/dev/fd/{}", ends[1]), "x"), ReaderGoneError);
        signal(SIGPIPE, before);
        close(ends[1]);
    }

    TEST_CASE("other files beside an output survive") {
        const Temporary folder;
        put(folder / "r.md.part", "mine");
        put(folder / "r.md.tmp", "mine");
        put(folder / "r.md~", "mine");
        write_output(folder / "r.md", "new");
        CHECK(names_in(folder.path()) == Names{"r.md", "r.md.part", "r.md.tmp", "r.md~"});
        CHECK(content_of(folder / "r.md.part") == "mine");
    }

    TEST_CASE("an impossible output is named with the reason") {
        const Temporary folder;
        std::filesystem::create_directory(folder / "d");
        put(folder / "f", "old");
        CHECK(complaint<UsageError>("") == "the name of an output file is empty");
        CHECK(complaint<UsageError>(folder / "d") == folder / "d: is a folder; name a file");
        CHECK(complaint<UsageError>(folder / "d/") == folder / "d/: is the name of a folder; name a file");
        CHECK(complaint<WorkError>(folder / "no/f") == folder / "no/f: cannot be written: folder " + (folder / "no/") +
                                                           ": No such file or directory; make it first");
        CHECK(complaint<WorkError>(folder / "f/x").find("Not a directory") != std::string::npos);
        CHECK(complaint<WorkError>(folder / std::string(300, 'n')).find("File name too long") != std::string::npos);
        CHECK(names_in(folder.path()) == Names{"d", "f"});
    }

    TEST_CASE("a file or folder that the user may not write is left as it is") {
        const Temporary folder;
        std::filesystem::create_directory(folder / "d");
        put(folder / "d/f", "old");
        chmod(folder.path().c_str(), 0777);
        const auto as_nobody = [&](const std::string& path) {
            return in_child([&] {
                if (geteuid() == 0 && setuid(65534) != 0) return 1;
                return complaint<WorkError>(path).find("Permission denied") != std::string::npos ? 7 : 8;
            });
        };
        chmod((folder / "d").c_str(), 0555);
        CHECK(as_nobody(folder / "d/new") == 7);
        chmod((folder / "d/f").c_str(), 0444);
        chmod((folder / "d").c_str(), 0777);
        CHECK(as_nobody(folder / "d/f") == 7);
        CHECK(content_of(folder / "d/f") == "old");
        CHECK(names_in(folder / "d") == Names{"f"});
    }
}
