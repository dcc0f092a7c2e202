#include <doctest/doctest.h>

#include "harness/store/database.hpp"
#include "harness/store/run_store.hpp"
#include "harness/store/score_store.hpp"
#include "harness/store/transaction.hpp"
#include "tests/harness/store/rows.hpp"
#include "tests/support/temporary.hpp"

using namespace harness::store;

namespace {

using Values = std::vector<std::optional<double>>;

/// A run of two tasks; the second has no items.
struct Filled {
    Temporary folder;
    Database database{folder / "a.sqlite", OpenMode::Create};
    RunStore runs{database};
    ScoreStore scores{database};
    std::int64_t run = 0;
    std::int64_t task = 0;

    Filled() {
        std::vector<RunTaskRow> tasks = one_task();
        tasks.push_back(tasks[0]);
        tasks[1].task = "empty";
        run = runs.open_run(kModel, plan("abcd1"), tasks).id;
        task = runs.tasks(run).at(0).id;
        std::vector<ItemRow> items = {item(0), item(4), item(9)};
        items[1].error = "too long";
        items[1].scores.clear();
        items[2].scores = {{"acc", 0.0, "the answer is B"}, {"late", 0.5}};
        runs.add_items(task, items);
    }
};

}  // namespace

TEST_SUITE("harness.store") {
    TEST_CASE("columns of scores are aligned with the documents") {
        const Filled store;
        const std::vector<TaskColumns> tasks = store.scores.columns(store.run);
        REQUIRE(tasks.size() == 2);
        CHECK(tasks[0].run_task == store.task);
        CHECK(tasks[0].docs == std::vector<std::uint64_t>{0, 4, 9});
        CHECK(tasks[0].failed == std::vector<bool>{false, true, false});
        const std::int64_t own = store.runs.tasks(store.run).at(0).scorer.id;
        REQUIRE(tasks[0].find("acc", own) != nullptr);
        CHECK(tasks[0].find("acc", own)->values == Values{1.0, std::nullopt, 0.0});
        CHECK(tasks[0].find("other", own)->values == Values{std::nullopt, std::nullopt, std::nullopt});
        CHECK(tasks[0].find("late", own)->values == Values{std::nullopt, std::nullopt, 0.5});
        CHECK(tasks[0].find("acc", own + 1) == nullptr);
        CHECK(tasks[1].docs.empty());
        CHECK(tasks[1].columns.empty());
        CHECK(store.runs.item(store.task, 9)->scores.at(0).explanation == "the answer is B");
    }

    TEST_CASE("two scorers give the same metric side by side and the last score of one is kept") {
        Filled store;
        const ScorerRow judge = {.kind = "judge",
                                 .name = "helpful",
                                 .version = 2,
                                 .model_fingerprint = "beef",
                                 .prompt_hash = "1234",
                                 .settings_json = R"({"temperature":0})"};
        const std::int64_t first = store.scores.add_scorer(judge);
        CHECK(store.scores.add_scorer(judge) == first);
        ScorerRow other = judge;
        other.prompt_hash = "5678";
        const std::int64_t second = store.scores.add_scorer(other);
        CHECK(second != first);
        store.scores.add_scores(first, {{store.task, 0, {"acc", 0.25}}, {store.task, 9, {"acc", 0.5, "kind"}}});
        store.scores.add_scores(first, {{store.task, 0, {"acc", 0.75}}});
        store.scores.add_scores(second, {{store.task, 0, {"acc", std::nullopt}}});
        const TaskColumns columns = store.scores.columns(store.run).at(0);
        CHECK(columns.find("acc", first)->values == Values{0.75, std::nullopt, 0.5});
        CHECK(columns.find("acc", second)->values == Values{std::nullopt, std::nullopt, std::nullopt});
        CHECK(columns.find("acc", store.runs.tasks(store.run).at(0).scorer.id)->values.at(0) == 1.0);
        const std::vector<ScorerRow> scorers = store.scores.scorers(store.run);
        REQUIRE(scorers.size() == 4);  // of two tasks and the judge's two
        CHECK(scorers[0].kind == "task");
        CHECK(scorers[0].name == "t");
        CHECK(scorers[2].prompt_hash == "1234");
        CHECK(scorers[3].settings_json == R"({"temperature":0})");
        CHECK_THROWS_AS(store.scores.add_scores(first, {{store.task, 0, {"acc", 1.0}}, {store.task, 1, {"acc", 1.0}}}),
                        StoreError);
        CHECK(store.scores.columns(store.run).at(0).find("acc", first)->values.at(0) == 0.75);
    }

    TEST_CASE("each answer of an item has its own score and the item has the mean of those with a value") {
        Filled store;
        ItemRow sampled = item(12);
        sampled.requests.resize(3, {.kind = "generate", .context = "Q", .output = "A"});
        store.runs.add_items(store.task, {sampled});
        const std::int64_t scorer = store.scores.add_scorer({.kind = "reward", .name = "safe"});
        const auto scored = [&](std::uint64_t position, std::optional<double> value) {
            return ItemScore{store.task, 12, {.metric = "reward", .value = value, .position = position}};
        };
        store.scores.add_scores(scorer, {scored(0, 2.0), scored(1, std::nullopt), scored(2, 5.0)});
        const TaskColumns columns = store.scores.columns(store.run).at(0);
        CHECK(columns.docs.back() == 12);
        CHECK(columns.find("reward", scorer)->values.back() == 3.5);
        CHECK(store.scores.scorers(store.run).back().name == "safe");
        CHECK(store.scores.scored_docs(store.task, scorer) == std::vector<std::uint64_t>{12});
        const ItemRow read = store.runs.item(store.task, 12).value();
        CHECK(read.scores.size() == 2);
        REQUIRE(read.later.size() == 3);
        CHECK(read.later[0].position == 0);
        CHECK(read.later[2] == ScoreRow{.metric = "reward", .value = 5.0, .scorer = scorer, .position = 2});
        CHECK_THROWS_AS(store.scores.add_scores(scorer, {scored(3, 1.0)}), StoreError);
        store.scores.add_scores(scorer, {scored(2, 8.0)});
        CHECK(store.scores.columns(store.run).at(0).find("reward", scorer)->values.back() == 5.0);
    }

    TEST_CASE("writes of two stores in one transaction are kept together or not at all") {
        Filled store;
        const std::int64_t scorer = store.scores.add_scorer({.kind = "refusal", .name = "phrases"});
        {
            const Transaction dropped(store.database);
            store.runs.add_items(store.task, {item(10)});
            store.scores.add_scores(scorer, {{store.task, 10, {"refusal", 1.0}}});
        }
        CHECK_FALSE(store.runs.item(store.task, 10).has_value());
        Transaction kept(store.database);
        store.runs.add_items(store.task, {item(10)});
        CHECK_THROWS_AS(store.scores.add_scores(scorer, {{store.task, 11, {"refusal", 1.0}}}), StoreError);
        store.scores.add_scores(scorer, {{store.task, 10, {"refusal", 1.0}}});
        kept.commit();
        CHECK(store.scores.columns(store.run).at(0).find("refusal", scorer)->values.at(3) == 1.0);
    }

    TEST_CASE("a read transaction sees one consistent state whatever another connection writes") {
        Filled store;
        const Database reader(store.folder / "a.sqlite", OpenMode::ReadOnly);
        const ScoreStore scores(reader);
        {
            const ReadTransaction one_moment(reader);
            CHECK(scores.columns(store.run).at(0).docs.size() == 3);
            store.runs.add_items(store.task, {item(10)});
            CHECK(scores.columns(store.run).at(0).docs.size() == 3);
        }
        CHECK(scores.columns(store.run).at(0).docs.size() == 4);
    }
}
