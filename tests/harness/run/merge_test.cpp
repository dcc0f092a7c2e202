#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>

#include "harness/interchange/lm_eval_export.hpp"
#include "harness/results/jsonl_export.hpp"
#include "harness/run/merge.hpp"
#include "harness/store/database.hpp"
#include "tests/harness/catalog.hpp"
#include "tests/harness/run/merge_result.hpp"
#include "tests/harness/run_tasks.hpp"
#include "tests/harness/scripted_model.hpp"
#include "tests/support/temporary.hpp"
#include "tests/support/text.hpp"

using namespace harness;

namespace {

run::Outcome execute(ScriptedModel& model, const std::string& path, const run::Shard& shard = {},
                     const run::RunOptions& options = {}) {
    const store::Database database(path, store::OpenMode::Create);
    store::RunStore store(database);
    return run_tasks(model, harness_test::select_tasks("demo_facts,demo_sums"), store, options, {.shard = shard});
}

/// The complete run in its own database, or one shard of it.
std::string made(const Temporary& folder, std::size_t index, std::size_t count, const run::RunOptions& options = {}) {
    std::string path = folder / (std::to_string(index) + "of" + std::to_string(count) + ".sqlite");
    ScriptedModel model;
    execute(model, path, {index, count}, options);
    return path;
}

/// Everything that is exported of the only run.
std::string exported(const std::string& path) {
    const store::Database database(path, store::OpenMode::Create);
    const store::RunStore store(database);
    const store::RunRow run = store.find_run("latest");
    std::ostringstream out;
    results::export_jsonl(store, run, [&out](std::string_view line) { out << line; });
    for (const interchange::ExportedFile& file : interchange::export_lm_eval(store, run))
        out << file.name << "\n" << file.content;
    return out.str();
}

}  // namespace

TEST_SUITE("harness.merge") {
    TEST_CASE("a shard is every Nth item starting at its index") {
        const run::Shard shard = run::Shard::parse("2/3");
        std::vector<std::size_t> held;
        for (std::size_t position = 0; position < 9; ++position) {
            if (shard.holds(position)) held.push_back(position);
        }
        CHECK(held == std::vector<std::size_t>{1, 4, 7});
        CHECK(run::Shard::parse("1/1").whole());
        for (const char* wrong :
             {"", "2", "0/3", "4/3", "1/0", "a/3", "1/3x", " 1/3", "-1/3", "1/99999999999999999999"}) {
            CAPTURE(std::string(wrong));
            CHECK_THROWS_AS(run::Shard::parse(wrong), std::invalid_argument);
        }
    }

    TEST_CASE("shards merged in any order give the bytes of the whole run") {
        const Temporary folder;
        const std::string expected = exported(made(folder, 1, 1));
        CHECK(expected.size() > 10000);
        for (const std::size_t count : {2U, 3U, 7U, 100U}) {  // of 64 and 60 items: some of 100 are empty
            CAPTURE(count);
            std::vector<std::string> shards;
            for (std::size_t index = 1; index <= count; ++index) shards.push_back(made(folder, index, count));
            std::reverse(shards.begin(), shards.end());
            std::rotate(shards.begin(), shards.begin() + 1, shards.end());
            const std::string out = folder / ("merged" + std::to_string(count));
            const std::vector<run::MergedRun> merged = run::merge(out, shards, run::MissingItems::Refused);
            REQUIRE(merged.size() == 1);
            CHECK(merged[0].items == 64 + 60);
            CHECK(merged[0].missing_items == 0);
            CHECK_FALSE(
                store::RunStore(store::Database(out, store::OpenMode::ReadOnly)).find_run("latest").finished.empty());
            CHECK(exported(out) == expected);
        }
    }

    TEST_CASE("shards computed one after the other in one database make the complete run") {
        const Temporary folder;
        const std::string path = folder / "a.sqlite";
        ScriptedModel model;
        for (std::size_t index = 1; index <= 3; ++index) {
            CHECK((
                index == 1 ||
                store::RunStore(store::Database(path, store::OpenMode::ReadOnly)).find_run("latest").finished.empty()));
            const run::Outcome outcome = execute(model, path, {index, 3});
            CHECK(outcome.computed_items == outcome.items);
            CHECK(outcome.missing_items == (64 + 60) - std::vector<std::uint64_t>{0, 42, 83, 124}[index]);
        }
        CHECK_FALSE(
            store::RunStore(store::Database(path, store::OpenMode::ReadOnly)).find_run("latest").finished.empty());
        CHECK(exported(path) == exported(made(folder, 1, 1)));
    }

    TEST_CASE("items in several shards must be equal") {
        const Temporary folder;
        const std::string whole = made(folder, 1, 1);
        const std::string shard = made(folder, 1, 2);
        run::merge(folder / "same", {shard, whole}, run::MissingItems::Refused);
        CHECK(exported(folder / "same") == exported(whole));

        ScriptedModel other;
        other.reject = [](const auto&) { return true; };
        execute(other, folder / "other.sqlite", {1, 2});
        CHECK(has(merge_result(folder / "out", {whole, folder / "other.sqlite"}), "document 0 of demo_facts"));
        CHECK_FALSE(std::filesystem::exists(folder / "out"));
    }

    TEST_CASE("missing items are counted by task and refused unless allowed") {
        const Temporary folder;
        const std::vector<std::string> shards = {made(folder, 1, 3), made(folder, 3, 3)};
        const std::string message = merge_result(folder / "out", shards);
        CHECK(has(message,
                  "41 items are missing (demo_facts has 43 of 64, not 1, 4, 7, 10, 13 and 16 more; demo_sums has 40 of "
                  "60, not 1, 4, 7, 10, 13 and 15 more): no database has shard 2/3. Run"));
        CHECK_FALSE(std::filesystem::exists(folder / "out"));

        const std::vector<run::MergedRun> merged = run::merge(folder / "out", shards, run::MissingItems::Allowed);
        CHECK(merged.at(0).missing_items == 41);
        CHECK(store::RunStore(store::Database(folder / "out", store::OpenMode::ReadOnly))
                  .find_run("latest")
                  .finished.empty());
        ScriptedModel model;
        CHECK(execute(model, folder / "out").computed_items == 41);
        CHECK(exported(folder / "out") == exported(made(folder, 1, 1)));
    }

    TEST_CASE("a shard that stopped early is distinguished from one that was never begun") {
        const Temporary folder;
        const std::string first = made(folder, 1, 4);
        ScriptedModel model;
        const store::Database stopped_database(folder / "stopped.sqlite", store::OpenMode::Create);
        store::RunStore stopped(stopped_database);
        // Documents 2 and 6 of demo_facts, then the power goes.
        const run::Work work{.shard = {3, 4}, .batch_items = 2, .on_progress = [](const run::Progress&) {
                                 throw std::runtime_error("power");
                             }};
        CHECK_THROWS(run_tasks(model, harness_test::select_tasks("demo_facts,demo_sums"), stopped, {}, work));
        const std::string message = merge_result(folder / "out", {first, folder / "stopped.sqlite"});
        CHECK(has(message, "no database has shard 2/4, 4/4; unfinished shard 3/4. Run"));

        // Records of shards are merged too.
        run::merge(folder / "part", {first, folder / "stopped.sqlite"}, run::MissingItems::Allowed);
        const std::string again = merge_result(folder / "whole", {folder / "part", made(folder, 2, 4)});
        CHECK(has(again, "no database has shard 4/4; unfinished shard 3/4. Run"));
    }

    TEST_CASE("missing shards of a sample with unknown documents are named") {
        const Temporary folder;
        const suites::Task sample = harness_test::select_tasks("demo_facts").at(0).with({{"sample", 10}});
        const store::Database database(folder / "a.sqlite", store::OpenMode::Create);
        store::RunStore store(database);
        ScriptedModel model;
        run_tasks(model, {sample}, store, {}, {.shard = {1, 2}});
        CHECK(has(merge_result(folder / "out", {folder / "a.sqlite"}),
                  "(demo_facts has 5 of 10): no database has shard 2/2. Run"));
    }

    TEST_CASE("shards with different settings are not merged and the settings are named") {
        const Temporary folder;
        run::RunOptions options;
        options.sampling_seed = 2;
        const std::vector<std::string> shards = {made(folder, 1, 2), made(folder, 2, 2, options)};
        const std::string message = merge_result(folder / "out", shards);
        CHECK(has(message, "62 items are missing"));
        CHECK(has(message, "sampling_seed 1 and 2"));
        CHECK_FALSE(has(message, "temperature"));
    }

    TEST_CASE("one run of several is selected by its plan") {
        const Temporary folder;
        const std::string whole = made(folder, 1, 1);
        run::RunOptions options;
        options.sampling_seed = 2;
        ScriptedModel model;
        execute(model, whole, {1, 2}, options);  // a part of another run, in the same database
        CHECK(has(merge_result(folder / "out", {whole}), "62 items are missing"));
        const std::string plan =
            store::RunStore(store::Database(whole, store::OpenMode::ReadOnly)).runs().at(0).plan_hash;
        const auto merged = run::merge(folder / "out", {whole}, run::MissingItems::Refused, plan.substr(0, 12));
        REQUIRE(merged.size() == 1);
        CHECK(merged[0].items == 64 + 60);
        CHECK_THROWS_WITH_AS(run::merge(folder / "none", {whole}, run::MissingItems::Refused, "x"),
                             "no run has a plan hash that starts with x; 'runs' lists them", run::MergeError);
    }

    TEST_CASE("an existing output is not overwritten and a missing input is named") {
        const Temporary folder;
        const std::string whole = made(folder, 1, 1);
        const std::string before = exported(whole);
        CHECK(has(merge_result(whole, {whole}), "already exists; name a new file"));
        CHECK(exported(whole) == before);
        CHECK(has(merge_result(folder / "out", {folder / "none"}), "no such database"));
        CHECK_FALSE(std::filesystem::exists(folder / "none"));
    }
}
