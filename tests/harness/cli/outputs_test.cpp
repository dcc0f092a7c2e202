// Tests where the binary writes, and what it does when it cannot.

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <thread>

#include "tests/harness/binary.hpp"
#include "tests/support/child.hpp"
#include "tests/support/files.hpp"
#include "tests/support/temporary.hpp"
#include "tests/support/text.hpp"

namespace {

using Arguments = std::vector<std::string>;

constexpr std::string_view kTitle("SQLite format 3\0", 16);

/// A folder with a finished run of 6 items in a.sqlite.
struct ExportedRun {
    ExportedRun() {
        REQUIRE(
            run({"run", "--model", "demo:base", "--suite", "demo_facts", "--limit", "6", "--db", database()}).code ==
            0);
    }
    std::string database() const { return folder / "a.sqlite"; }
    Result exported(const std::string& out) const { return run({"export", "1", "--db", database(), "--out", out}); }
    Result reported(const std::string& out) const { return run({"report", "1", "--db", database(), "--out", out}); }
    Temporary folder;
};

/// The binary's exit code after `prepare` changed its standard streams.
template <class Prepare>
int run_with(const Prepare& prepare, const Arguments& arguments) {
    return in_child([&] {
        for (const int number : {STDOUT_FILENO, STDERR_FILENO}) dup2(open("/dev/null", O_WRONLY), number);
        prepare();
        std::vector<char*> argv = {const_cast<char*>("bellwether")};
        for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
        argv.push_back(nullptr);
        execv(BELLWETHER_BINARY, argv.data());
        return 127;
    });
}

void without_reader(int number) {
    int ends[2];
    if (pipe(ends) != 0) return;
    close(ends[0]);
    dup2(ends[1], number);
}

}  // namespace

TEST_SUITE("harness.outputs") {
    TEST_CASE("no export or report replaces a database") {
        const ExportedRun place;
        put(place.folder / "other.md", std::string(kTitle) + std::string(84, '\0'));
        std::filesystem::create_symlink("a.sqlite", place.folder / "link.md");
        for (const char* name : {"a.sqlite", "other.md", "link.md"}) {
            const Result result = place.exported(place.folder / name);
            CHECK(result.code == 2);
            CHECK(result.err.find("is a database, which no output overwrites") != std::string::npos);
        }
        CHECK(place.reported(place.folder / "link.md").code == 2);
        CHECK(place.exported(place.folder / "a.sqlite-wal").code == 2);
        CHECK(run({"runs", "--db", place.database()}).code == 0);
        CHECK(content_of(place.folder / "other.md").starts_with(kTitle));
    }

    TEST_CASE("pipes and devices are written and links followed and other files not changed") {
        const ExportedRun place;
        const std::string expected = run({"export", "1", "--db", place.database()}).out;
        REQUIRE(count_of(expected, "\n") == 6);
        CHECK(place.exported("-").out == expected);
        CHECK(place.exported("/dev/stdout").out == expected);
        CHECK(place.exported("/dev/fd/1").out == expected);
        REQUIRE(mkfifo((place.folder / "pipe").c_str(), 0600) == 0);
        std::string piped;
        std::thread reader([&] { piped = content_of(place.folder / "pipe"); });
        CHECK(place.exported(place.folder / "pipe").code == 0);
        reader.join();
        CHECK(piped == expected);
        CHECK(std::filesystem::is_fifo(place.folder / "pipe"));
        CHECK(place.exported("/dev/null").code == 0);
        CHECK(std::filesystem::is_character_file("/dev/null"));
        put(place.folder / "goal.md", "precious");
        put(place.folder / "goal.md.part", "mine");
        std::filesystem::create_symlink("goal.md", place.folder / "link.md");
        CHECK(place.reported(place.folder / "link.md").code == 0);
        CHECK(std::filesystem::is_symlink(place.folder / "link.md"));
        CHECK(content_of(place.folder / "goal.md").find("demo:base") != std::string::npos);
        CHECK(content_of(place.folder / "goal.md.part") == "mine");
    }

    TEST_CASE("an output that cannot be written is exit code 3 and leaves nothing") {
        const ExportedRun place;
        for (const std::string& out : {std::string("/dev/full"), place.folder / "no/x", std::string("/dev/full/x")}) {
            const Result result = place.exported(out);
            CHECK(result.code == 3);
            CHECK(result.err.find(out + ": cannot be written: ") != std::string::npos);
        }
        CHECK(place.exported(place.folder.path()).code == 2);
        const auto names = names_in(place.folder.path());
        CHECK(std::none_of(names.begin(), names.end(), [](const std::string& name) { return name.front() == '.'; }));
    }

    TEST_CASE("a run is stored whatever happens to its standard streams") {
        struct Case {
            const char* what;
            std::function<void()> prepare;
            int code;
        };
        const std::vector<Case> cases = {
            {"full error", [] { dup2(open("/dev/full", O_WRONLY), STDERR_FILENO); }, 0},
            {"closed error", [] { close(STDERR_FILENO); }, 0},
            {"unread error", [] { without_reader(STDERR_FILENO); }, 0},
            {"full output", [] { dup2(open("/dev/full", O_WRONLY), STDOUT_FILENO); }, 3},
            {"closed output", [] { close(STDOUT_FILENO); }, 3},
            {"unread output", [] { without_reader(STDOUT_FILENO); }, 3},
            {"all closed",
             [] {
                 for (const int number : {0, 1, 2}) close(number);
             },
             3},
        };
        for (const Case& one : cases) {
            CAPTURE(one.what);
            const Temporary folder;
            const std::string database = folder / "a.sqlite";
            CHECK(run_with(one.prepare, {"run", "--model", "demo:base", "--suite", "demo_facts", "--limit", "6", "--db",
                                         database}) == one.code);
            CHECK(count_of(run({"export", "1", "--db", database}).out, "\n") == 6);
        }
    }

    TEST_CASE("a log whose results are nested too deeply is refused with its name") {
        const Temporary folder;
        put(folder / "samples_t_2024-01-01T00-00-00.jsonl",
            R"({"doc_id": 0, "doc": {"q": "q"}, "target": "1", "arguments": [["Q", " no"], ["Q", " yes"]],)"
            R"( "resps": [[["-2.5", "False"]], [["-0.25", "True"]]], "filtered_resps": [["-2.5", "False"],)"
            R"( ["-0.25", "True"]], "acc": 1.0})");
        const std::string results = folder / "results_2024-01-01T00-00-00.json";
        put(results,
            R"({"results": {"t": {"acc,none": )" + std::string(200000, '[') + std::string(200000, ']') + "}}}");
        const Result result = run({"import", "--format", "lm-eval", folder / "samples_t_2024-01-01T00-00-00.jsonl",
                                   "--db", folder / "a.sqlite"});
        CHECK(result.code == 2);
        CHECK(result.err == "bellwether: " + results + ": arrays and objects are nested more than 200 levels deep\n");
    }
}
