#include <doctest/doctest.h>

#include <filesystem>

#include "tests/harness/binary.hpp"
#include "tests/harness/store/ordinary_user.hpp"
#include "tests/support/files.hpp"
#include "tests/support/text.hpp"

namespace fs = std::filesystem;

namespace {

/// A small run in `folder`/d/x.sqlite, which others may read.
std::string made(const Temporary& folder) {
    fs::permissions(folder / "", fs::perms(0755));
    fs::create_directory(folder / "d");
    std::string path = folder / "d/x.sqlite";
    const Result result = run({"run", "--suite", "demo_facts", "--limit", "3", "--model", "demo:base", "--db", path});
    INFO(result.err);
    REQUIRE(result.code == 0);
    return path;
}

/// Whether the verb has this exit code for a user to whom file permissions apply. Prints nothing.
bool ends_with(int code, const std::vector<std::string>& arguments) {
    return holds_for_ordinary_user([&] { return run(arguments).code == code; });
}

}  // namespace

TEST_SUITE("harness.store_verbs") {
    TEST_CASE("verbs that only read take a read-only file in a folder that may not be written") {
        const Temporary folder;
        const std::string path = made(folder);
        fs::permissions(path, fs::perms(0444));
        fs::permissions(folder / "d", fs::perms(0555));
        fs::create_directory(folder / "out");
        fs::permissions(folder / "out", fs::perms(0777));
        for (const std::vector<std::string>& verb :
             std::vector<std::vector<std::string>>{{"runs"},
                                                   {"show", "1"},
                                                   {"show", "1", "--item", "0"},
                                                   {"compare", "1", "1"},
                                                   {"export", "1"},
                                                   {"export", "1", "--format", "lm-eval", "--out", folder / "out/lm"},
                                                   {"report", "1", "--out", folder / "out/r.html"}}) {
            CAPTURE(verb[0]);
            std::vector<std::string> call = verb;
            call.insert(call.end(), {"--db", path});
            CHECK(ends_with(0, call));
        }
        CHECK(ends_with(0, {"merge", folder / "out/merged.sqlite", path}));
        CHECK(ends_with(3, {"run", "--suite", "demo_facts", "--limit", "4", "--model", "demo:base", "--db", path}));
        CHECK(names_in(folder / "d") == std::vector<std::string>{"x.sqlite"});
        fs::permissions(folder / "d", fs::perms(0755));
    }

    TEST_CASE("names that SQLite does not treat as files are refused before anything is computed") {
        const Temporary folder;
        const fs::path before = fs::current_path();
        fs::current_path(folder / "");
        for (const char* name : {":memory:", "file:x.sqlite"}) {
            CAPTURE(std::string(name));
            const Result computed = run({"run", "--suite", "demo_facts", "--model", "demo:base", "--db", name});
            CHECK(computed.code == 2);
            CHECK(has(computed.err, name));
            CHECK(run({"runs", "--db", name}).code == 2);
            CHECK(run({"merge", name, name}).code == 2);
        }
        CHECK(names_in(".").empty());
        fs::current_path(before);
    }

    TEST_CASE("a file that is missing or not a database is exit code 2") {
        const Temporary folder;
        put(folder / "text.sqlite", "no database");
        const Result missing = run({"runs", "--db", folder / "none.sqlite"});
        CHECK(missing.code == 2);
        CHECK(has(missing.err, "no such database; make one with 'bellwether run'"));
        CHECK(run({"show", "1", "--db", folder / "text.sqlite"}).code == 2);
        CHECK(run({"show", "1", "--db", folder / ""}).code == 2);
        CHECK(names_in(folder / "") == std::vector<std::string>{"text.sqlite"});
    }

    TEST_CASE("the numbers of a user's groups are shown without the folder that defined them") {
        const Temporary folder;
        fs::create_directory(folder / "tasks");
        put(folder / "tasks/mine.json",
            R"({"group": "mine", "profile": "demo", "description": "d", "weighting": "documents",
                "members": [{"task": "demo_facts"}, {"task": "demo_sums"}]})");
        const std::string path = folder / "x.sqlite";
        const Result computed = run({"run", "--suite", "mine", "--tasks", folder / "tasks", "--limit", "3", "--model",
                                     "demo:base", "--db", path});
        INFO(computed.err);
        REQUIRE(computed.code == 0);
        const Result shown = run({"show", "1", "--db", path});
        CHECK(shown.code == 0);
        CHECK(has(shown.out, "mine"));
    }
}
