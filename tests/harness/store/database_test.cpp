#include <doctest/doctest.h>
#include <fmt/format.h>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>

#include "harness/store/database.hpp"
#include "harness/store/run_store.hpp"
#include "harness/store/schema.hpp"
#include "harness/store/transaction.hpp"
#include "tests/harness/store/filled.hpp"
#include "tests/harness/store/ordinary_user.hpp"
#include "tests/harness/store/raw_sqlite.hpp"
#include "tests/harness/store/rows.hpp"
#include "tests/support/temporary.hpp"
#include "tests/support/text.hpp"

using namespace harness::store;
namespace fs = std::filesystem;

namespace {

std::string message_of(const std::string& path, OpenMode mode = OpenMode::Create) {
    try {
        const Database database(path, mode);
    } catch (const StoreError& error) {
        return error.what();
    }
    return "opened";
}

/// Names and contents of a folder's files.
std::set<std::pair<std::string, std::string>> contents(const std::string& folder) {
    std::set<std::pair<std::string, std::string>> files;
    for (const auto& entry : fs::directory_iterator(folder))
        files.emplace(entry.path().filename().string(), file_text(entry.path().string()));
    return files;
}

std::size_t items_read(const std::string& path) {
    const Database database(path, OpenMode::ReadOnly);
    const RunStore store(database);
    return store.items(store.tasks(store.find_run("latest").id).at(0).id).size();
}

mode_t mode_of(const std::string& path) {
    struct stat seen = {};
    REQUIRE(stat(path.c_str(), &seen) == 0);
    return seen.st_mode & 0777;
}

}  // namespace

TEST_SUITE("harness.store") {
    TEST_CASE("names that SQLite does not treat as files are refused and no file is created") {
        const Temporary folder;
        const fs::path before = fs::current_path();
        fs::current_path(folder / "");
        for (const OpenMode mode : {OpenMode::ReadOnly, OpenMode::ReadWrite, OpenMode::Create}) {
            for (const char* name : {"", ":memory:", "file:x.sqlite", "file:x.sqlite?mode=memory"}) {
                CAPTURE(std::string(name));
                CHECK_THROWS_AS(Database(name, mode), WrongFileError);
            }
        }
        CHECK(has(message_of(":memory:"), "would be lost when the command ends; name a file"));
        CHECK(has(message_of("file:x.sqlite"), "'./file:x.sqlite' is a file of that name"));
        CHECK(contents(".").empty());
        fill("./file:x.sqlite");
        CHECK(items_read("./file:x.sqlite") == 3);
        CHECK(fs::exists(folder / "file:x.sqlite"));
        fs::current_path(before);
    }

    TEST_CASE("what can hold no database is named for what it is") {
        const Temporary folder;
        REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
        fs::create_symlink("loop", folder / "loop");
        for (const OpenMode mode : {OpenMode::ReadOnly, OpenMode::ReadWrite, OpenMode::Create}) {
            CHECK(message_of("/dev/null", mode) ==
                  "/dev/null: is a device or a pipe, not a file; name a file with --db");
            CHECK(has(message_of(folder / "pipe", mode), "is a device or a pipe, not a file"));
            CHECK(has(message_of(folder / "loop", mode), "its links lead round in a circle"));
            CHECK_THROWS_AS(Database(folder / "loop", mode), WrongFileError);
        }
    }

    TEST_CASE("a name with characters of a URI is used unchanged") {
        const Temporary folder;
        fs::create_directory(folder / "a?b#c%41");
        fill(folder / "a?b#c%41/x?immutable=0.sqlite");
        CHECK(items_read(folder / "a?b#c%41/x?immutable=0.sqlite") == 3);
    }

    TEST_CASE("a database to be read must exist") {
        const Temporary folder;
        for (const OpenMode mode : {OpenMode::ReadOnly, OpenMode::ReadWrite}) {
            CHECK_THROWS_AS(Database(folder / "none.sqlite", mode), WrongFileError);
            CHECK(has(message_of(folder / "none.sqlite", mode), "no such database; make one with 'bellwether run'"));
            CHECK(has(message_of(folder / "", mode), "is a folder"));
        }
        CHECK(contents(folder / "").empty());
        CHECK(has(message_of(folder / "no/such/folder.sqlite"), "does the folder exist"));
    }

    TEST_CASE("a new database and its log are private") {
        const Temporary folder;
        const mode_t before = umask(0);
        const Database database(folder / "a.sqlite", OpenMode::Create);
        RunStore(database).open_run(kModel, plan("abcd1"), one_task());
        umask(before);
        CHECK(mode_of(folder / "a.sqlite") == 0600);
        CHECK(mode_of(folder / "a.sqlite-wal") == 0600);
    }

    TEST_CASE("reading changes no byte and leaves no file beside the database") {
        const Temporary folder;
        fill(folder / "a.sqlite");
        const auto before = contents(folder / "");
        CHECK(before.size() == 1);
        CHECK(items_read(folder / "a.sqlite") == 3);
        CHECK(contents(folder / "") == before);
    }

    TEST_CASE("a reader beside a writer sees what was committed") {
        const Temporary folder;
        const Database database(folder / "a.sqlite", OpenMode::Create);
        RunStore store(database);
        const std::int64_t task = store.tasks(store.open_run(kModel, plan("abcd1"), one_task()).id).at(0).id;
        store.add_items(task, {item(0)});
        CHECK(items_read(folder / "a.sqlite") == 1);
        const Transaction open(database);
        store.add_items(task, {item(1)});
        CHECK(items_read(folder / "a.sqlite") == 1);
    }

    TEST_CASE("an ordinary user can read a read-only file in a read-only folder") {
        const Temporary folder;
        fs::permissions(folder / "", fs::perms(0755));
        fs::create_directory(folder / "d");
        fill(folder / "d/a.sqlite");
        fs::permissions(folder / "d/a.sqlite", fs::perms(0444));
        fs::permissions(folder / "d", fs::perms(0555));
        const auto before = contents(folder / "d");
        CHECK(holds_for_ordinary_user([&] { return items_read(folder / "d/a.sqlite") == 3; }));
        CHECK(holds_for_ordinary_user([&] {
            return has(message_of(folder / "d/a.sqlite", OpenMode::ReadWrite), "the file may not be written");
        }));
        CHECK(contents(folder / "d") == before);
        fs::permissions(folder / "d", fs::perms(0755));
    }

    TEST_CASE("a killed writer's log is read even in a read-only folder") {
        const Temporary folder;
        fs::permissions(folder / "", fs::perms(0755));
        fs::create_directory(folder / "d");
        {
            const Database database(folder / "a.sqlite", OpenMode::Create);
            RunStore store(database);
            store.add_items(store.tasks(store.open_run(kModel, plan("abcd1"), one_task()).id).at(0).id,
                            {item(0), item(1)});
            fs::copy_file(folder / "a.sqlite", folder / "d/a.sqlite");
            fs::copy_file(folder / "a.sqlite-wal", folder / "d/a.sqlite-wal");
        }
        fs::permissions(folder / "d/a.sqlite", fs::perms(0444));
        fs::permissions(folder / "d/a.sqlite-wal", fs::perms(0444));
        fs::permissions(folder / "d", fs::perms(0555));
        const auto before = contents(folder / "d");
        CHECK(holds_for_ordinary_user([&] { return items_read(folder / "d/a.sqlite") == 2; }));
        CHECK(contents(folder / "d") == before);
        fs::permissions(folder / "d", fs::perms(0755));
    }

    TEST_CASE("writing to a file that is read without locks is an error") {
        const Temporary folder;
        fill(folder / "a.sqlite");
        const Database database(folder / "a.sqlite", OpenMode::ReadOnly);
        const RunStore store(database);
        CHECK(store.runs().size() == 1);
        {
            const Database writer(folder / "a.sqlite", OpenMode::ReadWrite);
            RunStore(writer).open_run(kModel, plan("abcd2"), one_task());
        }
        CHECK_THROWS_WITH_AS(
            store.runs(),
            ((folder / "a.sqlite") + ": another process wrote to it while it was read; run the same command again")
                .c_str(),
            StoreError);
    }

    TEST_CASE("another process's lock is waited for and its holder named") {
        const Temporary folder;
        const std::string path = folder / "a.sqlite";
        fill(path);
        int ready[2];
        REQUIRE(pipe(ready) == 0);
        const pid_t child = fork();
        if (child == 0) {
            const Database database(path, OpenMode::ReadWrite);
            const Transaction held(database);
            if (write(ready[1], "x", 1) == 1) pause();
            _exit(0);
        }
        char byte = 0;
        REQUIRE(read(ready[0], &byte, 1) == 1);
        std::vector<std::string> notices;
        std::string message;
        try {
            const Database database(path, OpenMode::ReadWrite,
                                    {.patience = std::chrono::milliseconds(1500),
                                     .notice = [&](std::string_view text) { notices.emplace_back(text); }});
            RunStore(database).open_run(kModel, plan("abcd2"), one_task());
        } catch (const StoreError& error) {
            message = error.what();
        }
        kill(child, SIGKILL);
        waitpid(child, nullptr, 0);
        const std::string holder = "process " + std::to_string(child) + " (test_store)";
        CHECK(message ==
              path + ": " + holder + " is writing to it, after 1 s of waiting; let it finish, or use another --db");
        REQUIRE(notices.size() == 1);
        CHECK(notices[0] == path + ": waiting for " + holder + " to finish writing");
        CHECK(items_read(path) == 3);  // the killed process left its log
    }

    TEST_CASE("a file or log that was deleted or truncated or replaced is an error before the next batch") {
        const Temporary folder;
        const std::string file = folder / "a.sqlite";
        const std::map<std::string, std::function<void()>> ways = {
            {"deleted", [&] { fs::remove(file); }},
            {"replaced", [&] { fs::rename(folder / "other.sqlite", file); }},
            {"cut", [&] { fs::resize_file(file, 4096); }},
            {"without its log", [&] { fs::remove(file + "-wal"); }},
            {"with an empty log", [&] { fs::resize_file(file + "-wal", 0); }},
            {"with another log", [&] {
                 fs::copy_file(file + "-wal", file + "-other");
                 fs::rename(file + "-other", file + "-wal");
             }}};
        for (const auto& way : ways) {
            CAPTURE(way.first);
            for (const char* rest : {"", "-wal", "-shm"}) fs::remove(file + rest);
            fill(file);  // and checkpointed, so that it has pages of its own
            fill(folder / "other.sqlite");
            const Database database(folder / "a.sqlite", OpenMode::Create);
            RunStore store(database);
            const std::int64_t task = store.tasks(store.open_run(kModel, plan("abcd1"), one_task()).id).at(0).id;
            store.add_items(task, {item(3)});
            way.second();
            try {
                store.add_items(task, {item(4)});
                FAIL("stored");
            } catch (const StoreError& error) {
                CHECK(has(error.what(), "a.sqlite: was deleted, cut, moved or replaced while this command used it"));
            }
        }
        MESSAGE("ways of taking a database away from its writer: ", ways.size());
    }

    TEST_CASE("a temporary database keeps its rows while the object exists") {
        const Database database = Database::temporary();
        RunStore store(database);
        store.open_run(kModel, plan("abcd1"), one_task());
        CHECK(store.runs().size() == 1);
    }

    TEST_CASE("other programs' files are refused with the reason and not changed") {
        const Temporary folder;
        std::ofstream(folder / "text.sqlite") << std::string(5000, 'x');
        { const Database database(folder / "newer.sqlite", OpenMode::Create); }
        RawSqlite(folder / "newer.sqlite").run("PRAGMA user_version = 999");
        RawSqlite(folder / "foreign.sqlite").run("CREATE TABLE theirs (x)");
        const auto before = contents(folder / "");
        for (const OpenMode mode : {OpenMode::ReadOnly, OpenMode::ReadWrite, OpenMode::Create}) {
            CHECK(has(message_of(folder / "text.sqlite", mode), "not a Bellwether database"));
            CHECK(has(message_of(folder / "newer.sqlite", mode),
                      fmt::format("schema 999, this build knows {}; use a newer", newest_schema())));
            CHECK(has(message_of(folder / "foreign.sqlite", mode), "a database of another program"));
            for (const char* name : {"text.sqlite", "newer.sqlite", "foreign.sqlite"})
                CHECK_THROWS_AS(Database(folder / name, mode), WrongFileError);
        }
        CHECK(contents(folder / "") == before);
    }
}
