#include "harness/base/pending_file.hpp"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cstdlib>
#include <string>
#include <thread>

#include "harness/base/usage_error.hpp"
#include "harness/base/work_error.hpp"
#include "tests/support/child.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"

using harness::base::PendingFile;
using harness::base::PendingRules;
using harness::base::UsageError;
using harness::base::WorkError;

namespace {

using Names = std::vector<std::string>;

constexpr PendingRules kRefuseExisting{.existing = PendingRules::Existing::Refuse};
constexpr PendingRules kRefuseBusy{.busy = PendingRules::Busy::Refuse};
constexpr PendingRules kContinue{.leftover = PendingRules::Leftover::Continue};

/// Leaves the files of a process that is killed while it writes.
void leave_behind(const std::string& path, const std::string& bytes) {
    CHECK(in_child([&] {
              PendingFile file(path);
              file.append(bytes);
              kill(getpid(), SIGKILL);
              return 0;
          }) == -SIGKILL);
}

}  // namespace

TEST_SUITE("harness.base.pending_file") {
    TEST_CASE("a file gets its name only when it is published") {
        const Temporary folder;
        {
            PendingFile file(folder / "x");
            file.append("whole");
            CHECK_FALSE(std::filesystem::exists(folder / "x"));
            CHECK(content_of(file.temporary_path()) == "whole");
            CHECK(std::filesystem::path(file.temporary_path()).parent_path() ==
                  std::filesystem::canonical(folder.path()));
            file.publish();
        }
        CHECK(content_of(folder / "x") == "whole");
        CHECK(names_in(folder.path()) == Names{"x"});
    }

    TEST_CASE("without publishing nothing is left and the old file stays") {
        const Temporary folder;
        put(folder / "x", "old");
        { PendingFile(folder / "x").append("new"); }
        CHECK(content_of(folder / "x") == "old");
        CHECK(names_in(folder.path()) == Names{"x"});
    }

    TEST_CASE("a killed process's temporary file is removed only by the next writer of its name") {
        const Temporary folder;
        leave_behind(folder / "x", "half");
        leave_behind(folder / "y", "half");
        put(folder / "x.part", "the user's");
        put(folder / ".x.0123.bellwether", "also the user's");
        REQUIRE(names_in(folder.path()).size() == 4);
        PendingFile(folder / "x").publish();
        const Names names = names_in(folder.path());
        REQUIRE(names.size() == 4);
        CHECK(names[0] == ".x.0123.bellwether");
        CHECK(names[1].starts_with(".y."));
        CHECK(names[2] == "x");
        CHECK(names[3] == "x.part");
    }

    TEST_CASE("SQLite's files beside a temporary file are removed with it") {
        const Temporary folder;
        leave_behind(folder / "x", "half");
        const std::string left = folder / names_in(folder.path()).at(0);
        for (const char* end : {"-wal", "-shm", "-journal"}) put(left + end, "half");
        { const PendingFile file(folder / "x"); }
        CHECK(names_in(folder.path()).empty());
    }

    TEST_CASE("a link or another kind of file under a temporary name is left alone") {
        const Temporary folder;
        put(folder / "precious", "p");
        std::filesystem::create_symlink("precious", folder / ".x.0123456789abcdef.bellwether");
        REQUIRE(mkfifo((folder / ".x.1123456789abcdef.bellwether").c_str(), 0600) == 0);
        PendingFile(folder / "x", kContinue).publish();
        CHECK(content_of(folder / "precious") == "p");
        CHECK(names_in(folder.path()).size() == 4);
    }

    TEST_CASE("an interrupted transfer continues where it was kept or killed") {
        const Temporary folder;
        leave_behind(folder / "x", "0123");
        {
            PendingFile file(folder / "x", kContinue);
            CHECK(file.size() == 4);
            file.append("45");
            file.keep();
        }
        CHECK_FALSE(std::filesystem::exists(folder / "x"));
        PendingFile file(folder / "x", kContinue);
        CHECK(file.size() == 6);
        file.append("6");
        file.publish();
        CHECK(content_of(folder / "x") == "0123456");
        CHECK(names_in(folder.path()) == Names{"x"});
    }

    TEST_CASE("a file can be truncated and written again") {
        const Temporary folder;
        PendingFile file(folder / "x");
        file.append("something long");
        file.clear();
        CHECK(file.size() == 0);
        file.append("short");
        file.publish();
        CHECK(content_of(folder / "x") == "short");
    }

    TEST_CASE("a second writer of a name is refused or waits for the first") {
        const Temporary folder;
        std::thread second;
        std::string seen_by_second;
        {
            PendingFile first(folder / "x");
            CHECK_THROWS_WITH_AS(PendingFile(folder / "x", kRefuseBusy),
                                 (folder / "x: another process is writing it; wait until it is done").c_str(),
                                 WorkError);
            // Another name in the folder is free.
            PendingFile(folder / "y", kRefuseBusy).publish();
            second = std::thread([&] {
                PendingFile file(folder / "x");
                seen_by_second = content_of(folder / "x");
                file.append("second");
                file.publish();
            });
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
            first.append("first");
            first.publish();  // lets the second go on
        }
        second.join();
        CHECK(seen_by_second == "first");
        CHECK(content_of(folder / "x") == "second");
        CHECK(names_in(folder.path()) == Names{"x", "y"});
    }

    TEST_CASE("a writer that must not replace is refused before and after waiting") {
        const Temporary folder;
        const std::string refusal = folder / "x: already exists; name a new file, or remove it first";
        std::thread second;
        {
            PendingFile first(folder / "x", kRefuseExisting);
            second = std::thread(
                [&] { CHECK_THROWS_WITH_AS(PendingFile(folder / "x", kRefuseExisting), refusal.c_str(), UsageError); });
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
            first.publish();
        }
        second.join();
        CHECK_THROWS_WITH_AS(PendingFile(folder / "x", kRefuseExisting), refusal.c_str(), UsageError);
        CHECK(names_in(folder.path()) == Names{"x"});
    }

    TEST_CASE("a file that another program creates meanwhile is not replaced") {
        const Temporary folder;
        {
            PendingFile file(folder / "x", kRefuseExisting);
            put(folder / "x", "a stranger's");
            CHECK_THROWS_AS(file.publish(), UsageError);
        }
        CHECK(content_of(folder / "x") == "a stranger's");
        CHECK(names_in(folder.path()) == Names{"x"});
    }

    TEST_CASE("many writers of one name leave one complete file and nothing else") {
        const Temporary folder;
        std::vector<pid_t> children;
        for (char letter = 'a'; letter < 'g'; ++letter) {
            children.push_back(start_child([&] {
                for (int i = 0; i < 20; ++i) {
                    PendingFile file(folder / "x");
                    for (int block = 0; block < 50; ++block) file.append(std::string(100, letter));
                    file.publish();
                }
                return 0;
            }));
        }
        bool whole = true;
        for (int i = 0; i < 300; ++i) {
            const std::string seen = content_of(folder / "x");
            if (!seen.empty()) whole = whole && seen == std::string(5000, seen.front());
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        for (const pid_t child : children) CHECK(end_of(child) == 0);
        CHECK(whole);
        CHECK(content_of(folder / "x").size() == 5000);
        CHECK(names_in(folder.path()) == Names{"x"});
    }

    TEST_CASE("writers killed at random times leave the old or the new file and nothing else after the next call") {
        const Temporary folder;
        put(folder / "x", std::string(5000, 'o'));
        const char* more = std::getenv("BELLWETHER_KILLS");
        const int rounds = more != nullptr ? std::atoi(more) : 60;
        for (int round = 0; round < rounds; ++round) {
            const pid_t child = start_child([&] {
                for (;;) {
                    PendingFile file(folder / "x");
                    for (int block = 0; block < 50; ++block) file.append(std::string(100, 'n'));
                    file.publish();
                }
                return 0;
            });
            std::this_thread::sleep_for(std::chrono::microseconds(300 * (round % 60) + round));
            kill(child, SIGKILL);
            end_of(child);
            const std::string seen = content_of(folder / "x");
            REQUIRE(seen.size() == 5000);
            REQUIRE(seen == std::string(5000, seen.front()));
        }
        { const PendingFile file(folder / "x"); }
        CHECK(names_in(folder.path()) == Names{"x"});
        MESSAGE("kills of writers at random instants: ", rounds);
    }

    TEST_CASE("a disk that is full at any byte gives a message with the file and keeps the old one") {
        const Temporary folder;
        put(folder / "x", "old");
        for (rlim_t room = 0; room < 5000; room += 499) {
            CAPTURE(room);
            CHECK(in_child([&] {
                      signal(SIGXFSZ, SIG_IGN);
                      const rlimit limit{room, room};
                      setrlimit(RLIMIT_FSIZE, &limit);
                      try {
                          PendingFile(folder / "x").append(std::string(5000, 'n'));
                      } catch (const WorkError& error) {
                          return std::string(error.what()) == folder / "x: cannot be written: File too large" ? 7 : 8;
                      }
                      return 0;
                  }) == 7);
            CHECK(content_of(folder / "x") == "old");
            CHECK(names_in(folder.path()) == Names{"x"});
        }
    }

    TEST_CASE("a folder that may not be listed can be written") {
        const Temporary folder;
        std::filesystem::create_directory(folder / "d");
        chmod(folder.path().c_str(), 0755);
        chmod((folder / "d").c_str(), 0333);
        CHECK(in_child([&] {
                  if (geteuid() == 0 && setuid(65534) != 0) return 1;
                  PendingFile file(folder / "d/x");
                  file.append("whole");
                  file.publish();
                  return 7;
              }) == 7);
        chmod((folder / "d").c_str(), 0755);
        CHECK(content_of(folder / "d/x") == "whole");
        CHECK(names_in(folder / "d") == Names{"x"});
    }

    TEST_CASE("a file name of maximal length can be written") {
        const Temporary folder;
        const std::string name(255, 'n');
        PendingFile file(folder / name);
        file.append("x");
        file.publish();
        CHECK(content_of(folder / name) == "x");
    }
}
