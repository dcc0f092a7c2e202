#include <doctest/doctest.h>
#include <sqlite3.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string_view>

#include "tests/harness/cli/call.hpp"
#include "tests/harness/cli/harmless.hpp"

using nlohmann::json;

namespace {

/// Every string of a JSON value with `added` at its end.
void spoil(json& value, const std::string& added) {
    if (value.is_string()) value = value.get<std::string>() + added;
    if (value.is_structured()) {
        for (json& element : value) spoil(element, added);
    }
}

class Database {
public:
    explicit Database(const std::string& path) { REQUIRE(sqlite3_open(path.c_str(), &database_) == SQLITE_OK); }
    ~Database() { sqlite3_close(database_); }
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    std::vector<std::vector<std::string>> rows(const std::string& sql) const {
        std::vector<std::vector<std::string>> rows;
        sqlite3_stmt* statement = nullptr;
        REQUIRE(sqlite3_prepare_v2(database_, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK);
        while (sqlite3_step(statement) == SQLITE_ROW) {
            rows.emplace_back();
            for (int column = 0; column < sqlite3_column_count(statement); ++column) {
                const unsigned char* text = sqlite3_column_text(statement, column);
                rows.back().emplace_back(text == nullptr ? "" : reinterpret_cast<const char*>(text));
            }
        }
        sqlite3_finalize(statement);
        return rows;
    }

    /// Values that a constraint of the schema refuses are not changed.
    void put(const std::string& table, const std::vector<std::string>& column, const std::string& old,
             const std::string& value) const {
        const std::string sql =
            "UPDATE \"" + table + "\" SET \"" + column[0] + "\" = ?1 WHERE \"" + column[0] + "\" IS ?2";
        sqlite3_stmt* statement = nullptr;
        if (sqlite3_prepare_v2(database_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) return;
        const auto bind = column[1] == "BLOB" ? sqlite3_bind_blob : bind_text;
        bind(statement, 1, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT);
        bind(statement, 2, old.data(), static_cast<int>(old.size()), SQLITE_TRANSIENT);
        sqlite3_step(statement);
        sqlite3_finalize(statement);
    }

private:
    static int bind_text(sqlite3_stmt* statement, int index, const void* text, int bytes, void (*release)(void*)) {
        return sqlite3_bind_text(statement, index, static_cast<const char*>(text), bytes, release);
    }

    sqlite3* database_ = nullptr;
};

enum class Spoiled { PlainText, JsonStrings, Everything };

/// Adds hostile text to every string that the database accepts. Names of tasks and metrics change in the same way
/// everywhere, so that references still match.
void spoil_database(const std::string& path, Spoiled what) {
    const Database database(path);
    for (const auto& table :
         database.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")) {
        for (const auto& column : database.rows("SELECT name, type FROM pragma_table_info('" + table[0] +
                                                "') WHERE type IN ('TEXT', 'BLOB') AND name <> 'tokens'")) {
            for (const auto& row : database.rows("SELECT DISTINCT \"" + column[0] + "\" FROM \"" + table[0] + "\"")) {
                json value = json::parse(row[0], nullptr, false);
                const bool is_json = !value.is_discarded() && value.is_structured();
                if (what == Spoiled::Everything || (what == Spoiled::PlainText && !is_json)) {
                    database.put(table[0], column, row[0], row[0] + kHostile);
                } else if (what == Spoiled::JsonStrings && is_json) {
                    spoil(value,
                          "\x1b[31m\x7f\xC2\x9b"
                          "2J\xE2\x80\xAE\r");
                    database.put(table[0], column, row[0], value.dump());
                }
            }
        }
    }
}

}  // namespace

TEST_SUITE("harness.cli") {
    TEST_CASE("no verb that reads a database lets its control characters reach a terminal") {
        const Temporary folder;
        for (const char* model : {"demo:helpful", "demo:chat"}) {
            REQUIRE(Call({"run", "--model", model, "--suite", "demo", "--limit", "2", "--db", "clean.sqlite"})
                        .in(folder.path())
                        .run()
                        .code == 0);
        }
        const std::vector<std::string> rescore = {"rescore", "1", "--with", "refusal", "--db", "clean.sqlite"};
        REQUIRE(Call(rescore).in(folder.path()).run().code == 0);
        for (const Spoiled what : {Spoiled::PlainText, Spoiled::JsonStrings, Spoiled::Everything}) {
            CAPTURE(static_cast<int>(what));
            std::filesystem::copy_file(folder / "clean.sqlite", folder / "x.sqlite",
                                       std::filesystem::copy_options::overwrite_existing);
            spoil_database(folder / "x.sqlite", what);
            const auto call = [&folder](std::vector<std::string> arguments) {
                arguments.insert(arguments.end(), {"--db", "x.sqlite"});
                std::string shown;
                for (const std::string& argument : arguments) shown += argument + " ";
                CAPTURE(shown);
                Result result = Call(arguments).in(folder.path()).run();
                CAPTURE(result.err);
                check_harmless(result);
                return result;
            };
            for (const std::vector<std::string>& verb :
                 std::vector<std::vector<std::string>>{{"runs"},
                                                       {"show", "1"},
                                                       {"show", "1", "--plan"},
                                                       {"show", "1", "--item", "0"},
                                                       {"show", "2", "--item", "1"},
                                                       {"compare", "1", "2"},
                                                       {"compare", "1", "2", "--items"}}) {
                call(verb);
                std::vector<std::string> machine = verb;
                machine.emplace_back("--json");
                check_json(call(machine));
            }
            for (const char* report : {"r.md", "r.html", "r.json"}) call({"report", "1", "2", "--out", report});
            call({"export", "1", "--out", "e.jsonl"});
            call({"baseline", "1", "--out", "b.json"});
            call({"gate", "2", "--baseline", "b.json", "--junit", "g.xml", "--markdown", "g.md"});
            check_json(call({"gate", "2", "--baseline", "b.json", "--json"}));
            call({"gate", "2", "--baseline", "b.json", "--expect-identical"});
            call({"gate", "2", "--baseline", "b.json", "--power"});
            call({"export", "1", "--format", "lm-eval", "--out", "lm"});
            call({"rescore", "1", "--with", "refusal"});
            call({"rescore", "1", "--with", kHostile});
            call({"show", kHostile});
            const Result merged = Call({"merge", std::string("m\x1b[31m.sqlite"), "x.sqlite"}).in(folder.path()).run();
            check_harmless(merged);
        }
    }

    TEST_CASE("no verb that reads task files lets their control characters reach a terminal") {
        const Temporary folder;
        std::filesystem::create_directories(folder / "tasks");
        std::filesystem::create_directories(folder / "data/atk");
        const std::string controls =
            "\x1b]0;OWNED\x07\x1b[31m\xC2\x9b"
            "2J\xE2\x80\xAE\r\x7f";
        put(folder / "tasks/esc_task.json", json{{"name", "esc_task"},
                                                 {"version", 1},
                                                 {"profile", "atk"},
                                                 {"kind", "choice"},
                                                 {"description", "d" + controls},
                                                 {"source", "s" + controls},
                                                 {"licence", "l" + controls},
                                                 {"citation", "c" + controls},
                                                 {"data", {{"test", {"atk/choice.jsonl"}}}},
                                                 {"fewshot", 0},
                                                 {"prompt", "{{q}}" + controls},
                                                 {"choices", "c"},
                                                 {"gold", "g"},
                                                 {"metrics", {"acc"}}}
                                                .dump());
        put(folder / "data/atk/choice.jsonl",
            json{{"q", "What" + controls}, {"c", {"a" + controls, "b"}}, {"g", 0}}.dump() + "\n");
        const std::vector<std::string> known = {"--tasks", "tasks"};
        const auto call = [&](std::vector<std::string> arguments, bool with_tasks) {
            if (with_tasks) arguments.insert(arguments.end(), known.begin(), known.end());
            std::string shown;
            for (const std::string& argument : arguments) shown += argument + " ";
            CAPTURE(shown);
            Result result = Call(arguments).in(folder.path()).run();
            CAPTURE(result.err);
            check_harmless(result);
            return result;
        };
        CHECK(call({"suites", "list"}, true).code == 0);
        CHECK(call({"suites", "list", "esc_task"}, true).out.find("esc_task") != std::string::npos);
        CHECK(call({"suites", "show", "esc_task"}, true).code == 0);
        CHECK(call({"suites", "render", "esc_task", "--data", "data"}, true).code == 0);
        CHECK(call({"suites", "check", "tasks/esc_task.json"}, false).code == 0);
        call({"suites", "fetch", "esc_task", "--from", "data", "--data", "fetched"}, true);
        check_json(call({"suites", "list", "--json"}, true));
        check_json(call({"suites", "show", "esc_task", "--json"}, true));
        CHECK(call({"run", "--model", "demo:base", "--suite", "esc_task", "--data", "data"}, true).code == 0);
        for (const std::vector<std::string>& verb : std::vector<std::vector<std::string>>{
                 {"show", "1"}, {"show", "1", "--item", "0"}, {"show", "1", "--plan"}, {"compare", "1", "1"}, {"runs"}})
            CHECK(call(verb, false).code == 0);
        // Error messages quote the text.
        for (const char* field : {"name", "kind", "prompt", "gold", "profile"}) {
            json wrong = json::parse(content_of(folder / "tasks/esc_task.json"));
            wrong[field] = "x{{" + controls;
            wrong["name" + controls] = 1;
            put(folder / "wrong.json", wrong.dump());
            CHECK(call({"suites", "check", "wrong.json"}, false).code == 2);
        }
        put(folder / "data/atk/choice.jsonl", "{\"q\": \"" + controls + "\n");
        CHECK(call({"suites", "render", "esc_task", "--data", "data"}, true).code == 2);
    }

    TEST_CASE("typed text is harmless in messages") {
        const Temporary folder;
        put(folder / ("m" + kHostile + ".gguf"), "GGUF");
        put(folder / ("log" + kHostile + ".jsonl"), "{");
        put(folder / ("t" + kHostile + ".json"), "{");
        put(folder / ("c" + kHostile + ".toml"), "x" + kHostile);
        for (const std::vector<std::string>& call : std::vector<std::vector<std::string>>{
                 {kHostile},
                 {"suites", kHostile},
                 {"run", "--" + kHostile},
                 {"run", "--model", kHostile, "--suite", "demo"},
                 {"run", "--model", "demo:" + kHostile, "--suite", "demo"},
                 {"run", "--model", "demo:base", "--suite", kHostile},
                 {"run", "--model", "demo:base", "--suite", "demo", "--limit", kHostile},
                 {"run", "--model", "demo:base", "--suite", "demo", "--tasks", kHostile},
                 {"run", "--model", "demo:base", "--suite", "demo", "--numerics", kHostile},
                 {"run", "--model", "demo:base", "--suite", "demo", "--shard", kHostile},
                 {"runs", "--db", kHostile},
                 {"schema", kHostile},
                 {"runs", "--config", kHostile},
                 {"runs", "--config", "c" + kHostile + ".toml"},
                 {"inspect", "m" + kHostile + ".gguf"},
                 {"import", "log" + kHostile + ".jsonl"},
                 {"suites", "check", "t" + kHostile + ".json"},
                 {"perplexity", "demo:base", kHostile},
                 {"ladder", "demo:base", "--text", kHostile},
                 {"ladder", "m" + kHostile + ".gguf", "--text", "c" + kHostile + ".toml"},
                 {"ladder", "demo:base", "demo:chat", "--text", "c" + kHostile + ".toml"},
                 {"generate", "demo:base", "--device", kHostile},
                 {"tokenize", "demo:base", kHostile},
                 {"score", "demo:base", "--context-ids", kHostile, "--continuation", "x"},
                 {"report", "1", "--out", "r" + kHostile}}) {
            const Result result = Call(call).in(folder.path()).run();
            CAPTURE(call[0]);
            CAPTURE(call.back());
            CAPTURE(result.err);
            check_harmless(result);
        }
        // Also as a prompt.
        check_harmless(Call({"generate", "demo:base", "--prompt", kHostile, "--max-tokens", "8"}).run());
        check_json(Call({"tokenize", "demo:base", kHostile, "--json"}).run());
    }

    TEST_CASE("every verb has a hostile call") {
        const std::set<std::string> tried = {"baseline", "gate",    "bench",   "compare", "export",   "generate",
                                             "import",   "inspect", "merge",   "report",  "run",      "runs",
                                             "score",    "show",    "rescore", "suites",  "tokenize", "perplexity",
                                             "prompts",  "judge",   "reward",  "rate",    "schema",   "ladder"};
        const std::set<std::string> print_nothing_foreign = {"demo", "devices"};
        const std::string refusal = Call({"fly"}).run().err;
        const std::size_t start = refusal.find("known: ") + std::string_view("known: ").size();
        std::istringstream names(refusal.substr(start, refusal.find(". See") - start));
        std::set<std::string> verbs;
        for (std::string name; std::getline(names >> std::ws, name, ',');) verbs.insert(name);
        CHECK(verbs.size() > 10);
        for (const std::string& verb : verbs) {
            CAPTURE(verb);
            CHECK((tried.contains(verb) || print_nothing_foreign.contains(verb)));
        }
    }

    TEST_CASE("a hostile log is imported and shown and reported as text") {
        const Temporary folder;
        const std::string name =
            "e\x1b[31m\xC2\x9b"
            "2J\xE2\x80\xAE\r<script>|`";
        const json sample = {
            {"doc_id", 0},       {"doc", {{"question", name}}},
            {"target", name},    {"arguments", {{"gen_args_0", {{"arg_0", name}, {"arg_1", {{"until", {name}}}}}}}},
            {"resps", {{name}}}, {"filtered_resps", {name}},
            {"filter", "none"},  {"metrics", {"acc" + name}},
            {"doc_hash", name},  {"acc" + name, 1.0}};
        put(folder / "samples_evil_2024-01-01T00-00-00.jsonl", sample.dump() + "\n");
        put(folder / "results_2024-01-01T00-00-00.json", json{{"results", {{"evil", {{"alias", name}}}}},
                                                              {"versions", {{"evil", 1}}},
                                                              {"n-shot", {{"evil", 0}}},
                                                              {"model_name", name},
                                                              {"config", {{"model", name}}}}
                                                             .dump());
        const auto call = [&folder](const std::vector<std::string>& arguments) {
            Result result = Call(arguments).in(folder.path()).run();
            CAPTURE(arguments[0]);
            CAPTURE(result.err);
            CHECK(result.code == 0);
            check_harmless(result);
        };
        call({"import", "samples_evil_2024-01-01T00-00-00.jsonl"});
        call({"import", "samples_evil_2024-01-01T00-00-00.jsonl", "--json"});
        for (const std::vector<std::string>& verb : std::vector<std::vector<std::string>>{
                 {"runs"}, {"show", "1"}, {"show", "1", "--item", "0"}, {"show", "1", "--plan"}, {"compare", "1", "1"}})
            call(verb);
        for (const char* report : {"r.md", "r.html"}) {
            call({"report", "1", "--out", report});
            const std::string text = content_of(folder / report);
            CHECK(first_control(text) == -1);
            CHECK(text.find("31m<script>") == std::string::npos);
        }
    }

    TEST_CASE("only one file prints") {
        for (const auto& entry : std::filesystem::recursive_directory_iterator(BELLWETHER_SOURCE_DIR "/harness/cli")) {
            const std::string name = entry.path().filename().string();
            if (!entry.is_regular_file() || name.starts_with("print.")) continue;
            const std::string text = content_of(entry.path().string());
            CAPTURE(name);
            for (const char* way :
                 {"fmt::print(", "fmt::vprint(", "std::cout", "std::cerr", "std::printf(", "std::puts(", "std::fwrite(",
                  "std::fputs(", "std::fprintf(", "std::putchar(", "::write("})
                CHECK(text.find(way) == std::string::npos);
        }
    }
}
