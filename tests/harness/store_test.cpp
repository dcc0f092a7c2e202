#include <doctest/doctest.h>

#include <sqlite3.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "harness/store/run_store.hpp"
#include "tests/support/temporary.hpp"

using namespace harness::store;

namespace {

const ModelRow kModel = {"f00d", "a model", "a.gguf", "{}"};

RunRow plan(const std::string& hash) {
    return {.id = 0,
            .plan_hash = hash,
            .plan_json = "{}",
            .model_fingerprint = "f00d",
            .model_name = "",
            .variant = "a",
            .created = "",
            .finished = ""};
}

std::vector<RunTaskRow> one_task() {
    return {{.id = 0,
             .task = "t",
             .version = 1,
             .profile = "p",
             .fewshot = 2,
             .definition_json = "{}",
             .planned_items = 3}};
}

ItemRow item(std::uint64_t doc) {
    return {.doc = doc,
            .document_json = "{\"a\":1}",
            .target = "x",
            .error = "",
            .requests = {},
            .scores = {{"acc", 1.0}, {"other", std::nullopt}}};
}

std::string message_of(const std::string& path) {
    try {
        RunStore store(path);
    } catch (const StoreError& error) {
        return error.what();
    }
    return "opened";
}

}  // namespace

TEST_SUITE("harness.store") {
    TEST_CASE("what is stored comes back byte for byte") {
        const Temporary folder;
        const std::string hostile("\xff\0<script>\n\xE2\x80\xAE", 14);
        ItemRow written = item(7);
        written.requests.push_back({.kind = "generate",
                                    .context = hostile,
                                    .continuation = "",
                                    .output = hostile + std::string(100000, 'x'),
                                    .finish = "stop",
                                    .logprob = -1.0 / 3.0,
                                    .greedy = true,
                                    .context_tokens = 5,
                                    .tokens = {{3, -0.1}, {2147483647, -1e-300}}});
        {
            RunStore store(folder / "a.sqlite");
            const RunRow run = store.open_run(kModel, plan("abcd1"), one_task());
            store.add_items(store.tasks(run.id).at(0).id, {written});
        }
        const RunStore store(folder / "a.sqlite");
        const auto tasks = store.tasks(store.find_run("latest").id);
        REQUIRE(tasks.size() == 1);
        CHECK(tasks[0].fewshot == 2);
        const auto read = store.item(tasks[0].id, 7);
        REQUIRE(read);
        CHECK(read->document_json == "{\"a\":1}");
        REQUIRE(read->requests.size() == 1);
        CHECK(read->requests[0].context == hostile);
        CHECK(read->requests[0].output == written.requests[0].output);
        CHECK(read->requests[0].logprob == -1.0 / 3.0);
        REQUIRE(read->requests[0].tokens.size() == 2);
        CHECK(read->requests[0].tokens[1].id == 2147483647);
        CHECK(read->requests[0].tokens[1].logprob == -1e-300);
        REQUIRE(read->scores.size() == 2);
        CHECK(read->scores[0].value == 1.0);
        CHECK_FALSE(read->scores[1].value.has_value());
        CHECK_FALSE(store.item(tasks[0].id, 8).has_value());
    }

    TEST_CASE("the same plan is the same run and items are kept once") {
        const Temporary folder;
        RunStore store(folder / "a.sqlite");
        const RunRow first = store.open_run(kModel, plan("abcd1"), one_task());
        CHECK(store.open_run(kModel, plan("abcd1"), one_task()).id == first.id);
        CHECK(store.open_run(kModel, plan("abce2"), one_task()).id != first.id);
        const std::int64_t task = store.tasks(first.id).at(0).id;
        store.add_items(task, {item(2), item(0)});
        ItemRow changed = item(2);
        changed.target = "changed";
        store.add_items(task, {changed, item(1)});
        CHECK(store.finished_docs(task) == std::vector<std::uint64_t>{0, 1, 2});
        CHECK(store.item(task, 2)->target == "x");
    }

    TEST_CASE("a batch that fails leaves nothing behind") {
        const Temporary folder;
        RunStore store(folder / "a.sqlite");
        const std::int64_t task = store.tasks(store.open_run(kModel, plan("abcd1"), one_task()).id).at(0).id;
        ItemRow wrong = item(1);
        wrong.requests.push_back({.kind = "no such kind", .context = ""});
        CHECK_THROWS_AS(store.add_items(task, {item(0), wrong}), StoreError);
        CHECK(store.finished_docs(task).empty());
        store.add_items(task, {item(0)});  // and the store goes on
        CHECK(store.finished_docs(task).size() == 1);
    }

    TEST_CASE("runs are found by number and by the start of the plan's hash and as the latest") {
        const Temporary folder;
        RunStore store(folder / "a.sqlite");
        const RunRow first = store.open_run(kModel, plan("abcd1"), one_task());
        const RunRow second = store.open_run(kModel, plan("abcd2"), one_task());
        CHECK(store.find_run("1").id == first.id);
        CHECK(store.find_run("abcd2").id == second.id);
        CHECK(store.find_run("latest").id == second.id);
        CHECK_THROWS_AS(store.find_run("abcd"), StoreError);  // two begin so
        CHECK_THROWS_AS(store.find_run("9"), StoreError);
        CHECK(store.find_run("1").finished.empty());
        store.finish_run(first.id);
        CHECK_FALSE(store.find_run("1").finished.empty());
    }

    TEST_CASE("shards that were begun are remembered once, also in a database of the first schema") {
        const Temporary folder;
        { RunStore(folder / "a.sqlite").open_run(kModel, plan("abcd1"), one_task()); }
        sqlite3* raw = nullptr;
        REQUIRE(sqlite3_open((folder / "a.sqlite").c_str(), &raw) == SQLITE_OK);
        REQUIRE(sqlite3_exec(raw, "DROP TABLE shard; PRAGMA user_version = 1", nullptr, nullptr, nullptr) == SQLITE_OK);
        sqlite3_close(raw);
        RunStore store(folder / "a.sqlite");
        const std::int64_t run = store.find_run("abcd1").id;
        CHECK(store.shards(run).empty());
        store.add_shard(run, {2, 3});
        store.add_shard(run, {1, 3});
        store.add_shard(run, {2, 3});
        CHECK(store.shards(run) == std::vector<ShardRow>{{1, 3}, {2, 3}});
        CHECK(store.tasks(run).size() == 1);
    }

    TEST_CASE("files that are not ours are refused with the reason") {
        const Temporary folder;
        std::ofstream(folder / "text.sqlite") << std::string(5000, 'x');
        CHECK(message_of(folder / "text.sqlite").find("not a Bellwether database") != std::string::npos);
        CHECK(message_of(folder / "no/such/folder.sqlite").find("is the folder there") != std::string::npos);
        { RunStore store(folder / "newer.sqlite"); }
        sqlite3* raw = nullptr;
        REQUIRE(sqlite3_open((folder / "newer.sqlite").c_str(), &raw) == SQLITE_OK);
        REQUIRE(sqlite3_exec(raw, "PRAGMA user_version = 999", nullptr, nullptr, nullptr) == SQLITE_OK);
        sqlite3_close(raw);
        CHECK(message_of(folder / "newer.sqlite").find("schema 999, this build knows 2; use a newer bellwether") !=
              std::string::npos);
        // Another program's data stay as they are.
        REQUIRE(sqlite3_open((folder / "foreign.sqlite").c_str(), &raw) == SQLITE_OK);
        REQUIRE(sqlite3_exec(raw, "CREATE TABLE theirs (x)", nullptr, nullptr, nullptr) == SQLITE_OK);
        sqlite3_close(raw);
        const auto bytes = [&] {
            std::ifstream file(folder / "foreign.sqlite", std::ios::binary);
            return std::string{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
        };
        const std::string before = bytes();
        CHECK(message_of(folder / "foreign.sqlite").find("a database of another program") != std::string::npos);
        CHECK(bytes() == before);
        CHECK_THROWS_AS(RunStore(folder / "text.sqlite"), WrongFileError);
        CHECK_THROWS_AS(RunStore(folder / "newer.sqlite"), WrongFileError);
    }
}
