#include <doctest/doctest.h>

#include "harness/store/database.hpp"
#include "harness/store/error.hpp"
#include "harness/store/pair_judgement_store.hpp"
#include "harness/store/run_store.hpp"
#include "harness/store/score_store.hpp"
#include "tests/harness/store/rows.hpp"

using namespace harness::store;

namespace {

/// Two runs of one task with documents 0 and 1.
struct TwoRuns {
    Database database = Database::temporary();
    RunStore runs{database};
    PairJudgementStore pairs{database};
    std::int64_t run_a = runs.open_run(kModel, plan("aaaa1"), one_task()).id;
    std::int64_t run_b = runs.open_run(kModel, plan("bbbb1"), one_task()).id;
    std::int64_t task_a = runs.tasks(run_a).at(0).id;
    std::int64_t task_b = runs.tasks(run_b).at(0).id;
    std::int64_t judge = ScoreStore(database).add_scorer({.kind = "judge", .name = "helpful"});

    TwoRuns() {
        for (const std::int64_t task : {task_a, task_b}) runs.add_items(task, {item(0), item(1)});
    }
    PairJudgementRow row(std::uint64_t doc, ShownFirst first, std::optional<double> preference) const {
        return {.a = {task_a, doc, 0},
                .b = {task_b, doc, 0},
                .first = first,
                .preference = preference,
                .explanation = "A 70.0 %"};
    }
};

}  // namespace

TEST_SUITE("harness.store") {
    TEST_CASE("judgements of pairs are read back by place and order") {
        TwoRuns store;
        store.pairs.add(store.judge, {store.row(1, ShownFirst::B, std::nullopt), store.row(1, ShownFirst::A, 0.25)});
        store.pairs.add(store.judge, {store.row(0, ShownFirst::A, 1.0)});
        CHECK(store.pairs.of_tasks(store.judge, store.task_a, store.task_b) ==
              std::vector{store.row(0, ShownFirst::A, 1.0), store.row(1, ShownFirst::A, 0.25),
                          store.row(1, ShownFirst::B, std::nullopt)});
        CHECK(store.pairs.of_tasks(store.judge, store.task_b, store.task_a).empty());
        CHECK(store.pairs.of_tasks(store.judge + 1, store.task_a, store.task_b).empty());
    }

    TEST_CASE("the judges of two runs are known") {
        TwoRuns store;
        CHECK(store.pairs.scorers(store.run_a, store.run_b).empty());
        store.pairs.add(store.judge, {store.row(0, ShownFirst::A, 1.0)});
        const std::vector<ScorerRow> judges = store.pairs.scorers(store.run_a, store.run_b);
        REQUIRE(judges.size() == 1);
        CHECK(judges[0].name == "helpful");
        CHECK(store.pairs.scorers(store.run_b, store.run_a).empty());
    }

    TEST_CASE("a judgement of a document that is not stored is refused and its batch with it") {
        TwoRuns store;
        CHECK_THROWS_AS(
            store.pairs.add(store.judge, {store.row(0, ShownFirst::A, 1.0), store.row(7, ShownFirst::A, 1.0)}),
            StoreError);
        CHECK_THROWS_AS(store.pairs.add(store.judge, {store.row(0, ShownFirst::A, 1.5)}), StoreError);
        CHECK(store.pairs.of_tasks(store.judge, store.task_a, store.task_b).empty());
    }
}
