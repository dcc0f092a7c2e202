#include <doctest/doctest.h>

#include <algorithm>
#include <limits>

#include "harness/store/database.hpp"
#include "harness/store/item_reader.hpp"
#include "harness/store/run_store.hpp"
#include "tests/harness/store/rows.hpp"
#include "tests/support/temporary.hpp"

using namespace harness::store;

TEST_SUITE("harness.store") {
    TEST_CASE("rows are read back byte for byte") {
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
            const Database database(folder / "a.sqlite", OpenMode::Create);
            RunStore store(database);
            const RunRow run = store.open_run(kModel, plan("abcd1"), one_task());
            store.add_items(store.tasks(run.id).at(0).id, {written});
        }
        const Database database(folder / "a.sqlite", OpenMode::Create);
        const RunStore store(database);
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

    TEST_CASE("the same plan is the same run and items are stored once") {
        const Temporary folder;
        const Database database(folder / "a.sqlite", OpenMode::Create);
        RunStore store(database);
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

    TEST_CASE("a reader gives every item once and in order whatever the number of its pages") {
        const Temporary folder;
        const Database database(folder / "a.sqlite", OpenMode::Create);
        RunStore store(database);
        const std::int64_t task = store.tasks(store.open_run(kModel, plan("abcd1"), one_task()).id).at(0).id;
        CHECK(ItemReader(store, task).next() == nullptr);
        constexpr std::uint64_t kLast = std::numeric_limits<std::int64_t>::max();
        std::vector<std::uint64_t> docs = {kLast};
        for (std::uint64_t doc = 0; doc < 999; ++doc) docs.push_back(3 * doc);
        std::vector<ItemRow> items;
        items.reserve(docs.size());
        for (const std::uint64_t doc : docs) items.push_back(item(doc));
        store.add_items(task, items);
        std::sort(docs.begin(), docs.end());
        ItemReader reader(store, task);
        std::vector<std::uint64_t> read;
        while (const ItemRow* one = reader.next()) read.push_back(one->doc);
        CHECK(read == docs);
        CHECK(reader.next() == nullptr);
    }

    TEST_CASE("a batch that fails leaves nothing behind") {
        const Temporary folder;
        const Database database(folder / "a.sqlite", OpenMode::Create);
        RunStore store(database);
        const std::int64_t task = store.tasks(store.open_run(kModel, plan("abcd1"), one_task()).id).at(0).id;
        ItemRow wrong = item(1);
        wrong.requests.push_back({.kind = "no such kind", .context = ""});
        CHECK_THROWS_AS(store.add_items(task, {item(0), wrong}), StoreError);
        CHECK(store.finished_docs(task).empty());
        store.add_items(task, {item(0)});  // the store still works
        CHECK(store.finished_docs(task).size() == 1);
    }

    TEST_CASE("runs are found by number and by the start of the plan's hash and as the latest") {
        const Temporary folder;
        const Database database(folder / "a.sqlite", OpenMode::Create);
        RunStore store(database);
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

    TEST_CASE("a run keeps its own numerics and settings whatever the model's card says") {
        const Temporary folder;
        const Database database(folder / "a.sqlite", OpenMode::Create);
        RunStore store(database);
        RunRow exact = plan("abcd1");
        exact.numerics = "exact-4";
        exact.device = "a device";
        exact.settings_json = R"({"chat":true})";
        RunRow fast = plan("abcd2");
        fast.numerics = "fast-3";
        fast.warnings_json = R"(["unknown key"])";
        std::vector<RunTaskRow> tasks = one_task();
        tasks[0].kind = "generate";
        tasks[0].generation_json = R"({"until":["
"]})";
        tasks[0].metrics = {{.name = "f1,first", .direction = "lower", .filter = "first", .grader_version = 4},
                            {.name = "empty_output", .kind = "counter"}};
        store.open_run(kModel, exact, tasks, {{"both", "lmeval", "documents", {{"t"}, {"inner", "f1"}}}});
        store.open_run(kModel, fast, tasks);
        CHECK(store.find_run("abcd1").numerics == "exact-4");
        CHECK(store.find_run("abcd1").device == "a device");
        CHECK(store.find_run("abcd1").settings_json == R"({"chat":true})");
        CHECK(store.find_run("abcd2").numerics == "fast-3");
        CHECK(store.find_run("abcd2").warnings_json == R"(["unknown key"])");
        const RunTaskRow task = store.tasks(1).at(0);
        CHECK(task.kind == "generate");
        CHECK(task.generation_json == R"({"until":["
"]})");
        CHECK(task.metrics == tasks[0].metrics);
        CHECK(store.groups(1) == std::vector<GroupRow>{{"both", "lmeval", "documents", {{"t", ""}, {"inner", "f1"}}}});
        CHECK(store.groups(2).empty());
    }

    TEST_CASE("errors are counted by task and text with the first document of each") {
        const Temporary folder;
        const Database database(folder / "a.sqlite", OpenMode::Create);
        RunStore store(database);
        const std::int64_t run = store.open_run(kModel, plan("abcd1"), one_task()).id;
        std::vector<ItemRow> items = {item(0), item(1), item(2), item(3)};
        items[1].error = "too long";
        items[2].error = "no answer";
        items[3].error = "too long";
        store.add_items(store.tasks(run).at(0).id, items);
        const std::vector<ErrorCount> errors = store.errors(run);
        REQUIRE(errors.size() == 2);
        CHECK(errors[0].error == "too long");
        CHECK(errors[0].items == 2);
        CHECK(errors[0].first_doc == 1);
        CHECK(errors[1].items == 1);
    }

    TEST_CASE("items are read in pages by document number and by offset") {
        const Temporary folder;
        const Database database(folder / "a.sqlite", OpenMode::Create);
        RunStore store(database);
        const std::int64_t task = store.tasks(store.open_run(kModel, plan("abcd1"), one_task()).id).at(0).id;
        store.add_items(task, {item(3), item(10), item(20)});
        CHECK(store.page(task, 4, 5).size() == 2);
        CHECK(store.page(task, 4, 1).at(0).doc == 10);
        CHECK(store.items(task, 2, 5).at(0).doc == 20);
        CHECK(store.items(task, 3).empty());
    }

    TEST_CASE("two records of one shard keep the first start and the last end") {
        const Temporary folder;
        const Database database(folder / "a.sqlite", OpenMode::Create);
        RunStore store(database);
        const std::int64_t run = store.open_run(kModel, plan("abcd1"), one_task()).id;
        store.add_shard(run, {2, 3, "2024-01-02T00:00:00Z", ""});
        store.add_shard(run, {1, 3});
        store.add_shard(run, {2, 3, "2024-01-03T00:00:00Z", "2024-01-04T00:00:00Z"});
        CHECK(store.shards(run) ==
              std::vector<ShardRow>{{1, 3, "", ""}, {2, 3, "2024-01-02T00:00:00Z", "2024-01-04T00:00:00Z"}});
        store.begin_shard(run, 1, 3);
        CHECK(store.shards(run)[0].created.size() == 20);
        CHECK(store.shards(run)[0].finished.empty());
        store.finish_shard(run, 1, 3);
        CHECK(store.shards(run)[0].finished.size() == 20);
    }
}
