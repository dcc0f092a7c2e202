#include <doctest/doctest.h>

#include "harness/store/accuracy_store.hpp"
#include "harness/store/database.hpp"
#include "harness/store/error.hpp"
#include "harness/store/run_store.hpp"
#include "harness/store/score_store.hpp"
#include "tests/harness/store/raw_sqlite.hpp"
#include "tests/harness/store/rows.hpp"
#include "tests/support/temporary.hpp"

using namespace harness::store;

namespace {

ScorerAccuracyRow measured(std::int64_t scorer, char hash, const std::string& created) {
    return {.scorer = scorer,
            .scale = "refusal",
            .labels_hash = std::string(64, hash),
            .labels = "xstest.csv",
            .items = 450,
            .metrics_json = R"({"scorer":{"accuracy":{"value":0.95,"ci95":[0.93,0.97]}}})",
            .created = created};
}

/// A run whose only item has a score of one of two scorers.
struct Scored {
    Database database = Database::temporary();
    RunStore runs{database};
    ScoreStore scores{database};
    AccuracyStore accuracies{database};
    std::int64_t run = runs.open_run(kModel, plan("abcd1"), one_task()).id;
    std::int64_t refusal = scores.add_scorer({.kind = "refusal", .name = "detector"});
    std::int64_t judge = scores.add_scorer({.kind = "judge", .name = "guard"});

    Scored() {
        const std::int64_t task = runs.tasks(run).at(0).id;
        runs.add_items(task, {item(0)});
        scores.add_scores(refusal, {{task, 0, {"refusal", 1.0}}});
    }
};

}  // namespace

TEST_SUITE("harness.store") {
    TEST_CASE("what was measured of a scorer is read back as written with the newest first") {
        Scored store;
        store.accuracies.set(measured(store.refusal, 'a', "2025-01-31T12:00:00Z"));
        store.accuracies.set(measured(store.refusal, 'b', "2025-02-01T12:00:00Z"));
        const std::vector<ScorerAccuracyRow> rows = store.accuracies.of_scorer(store.refusal);
        REQUIRE(rows.size() == 2);
        CHECK(rows[0] == measured(store.refusal, 'b', "2025-02-01T12:00:00Z"));
        CHECK(rows[1].labels_hash == std::string(64, 'a'));
        CHECK(store.accuracies.of_scorer(store.judge).empty());
    }

    TEST_CASE("measuring again with the same labels replaces the accuracy") {
        Scored store;
        store.accuracies.set(measured(store.refusal, 'a', "2025-01-31T12:00:00Z"));
        ScorerAccuracyRow again = measured(store.refusal, 'a', "2025-03-31T12:00:00Z");
        again.items = 451;
        store.accuracies.set(again);
        CHECK(store.accuracies.of_scorer(store.refusal) == std::vector{again});
    }

    TEST_CASE("a run has the accuracies of the scorers of its outputs only") {
        Scored store;
        store.accuracies.set(measured(store.refusal, 'a', "2025-01-31T12:00:00Z"));
        store.accuracies.set(measured(store.judge, 'a', "2025-01-31T12:00:00Z"));
        const std::vector<ScorerAccuracyRow> rows = store.accuracies.of_run(store.run);
        REQUIRE(rows.size() == 1);
        CHECK(rows[0].scorer == store.refusal);
        CHECK(store.accuracies.of_run(store.run + 1).empty());
    }

    TEST_CASE("an accuracy of no scorer or an unknown scale or no items is refused") {
        Scored store;
        CHECK_THROWS_AS(store.accuracies.set(measured(77, 'a', "")), StoreError);
        ScorerAccuracyRow row = measured(store.refusal, 'a', "");
        row.scale = "mood";
        CHECK_THROWS_AS(store.accuracies.set(row), StoreError);
        row = measured(store.refusal, 'a', "");
        row.items = 0;
        CHECK_THROWS_AS(store.accuracies.set(row), StoreError);
        CHECK(store.accuracies.of_scorer(store.refusal).empty());
    }

    TEST_CASE("a file of schema 5 opens without accuracies and takes them when it is written") {
        const Temporary folder;
        make_old_database(folder / "a.sqlite", 5);
        const std::string before = file_text(folder / "a.sqlite");
        {
            const Database database(folder / "a.sqlite", OpenMode::ReadOnly);
            CHECK(AccuracyStore(database).of_scorer(1).empty());
        }
        CHECK(file_text(folder / "a.sqlite") == before);
        const Database database(folder / "a.sqlite", OpenMode::ReadWrite);
        AccuracyStore store(database);
        store.set(measured(ScoreStore(database).add_scorer({.kind = "refusal", .name = "detector"}), 'a', ""));
        CHECK(store.of_scorer(1).at(0).created > "2025");
    }
}
