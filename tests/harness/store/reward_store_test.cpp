#include <doctest/doctest.h>

#include "harness/store/database.hpp"
#include "harness/store/error.hpp"
#include "harness/store/reward_store.hpp"
#include "tests/harness/store/raw_sqlite.hpp"
#include "tests/support/temporary.hpp"

using namespace harness::store;

namespace {

RewardModelRow model(const std::string& name) {
    return {.name = name,
            .created = "2025-01-31T12:00:00Z",
            .fingerprint = "f00d",
            .backbone = "demo:chat",
            .head_json = R"({"weights":[0.1]})",
            .data_hash = "abcd",
            .settings_json = R"({"layer":4,"pooling":"mean"})"};
}

}  // namespace

TEST_SUITE("harness.store") {
    TEST_CASE("reward models are read back by name as written") {
        const Temporary folder;
        {
            const Database database(folder / "a.sqlite", OpenMode::Create);
            RewardStore store(database);
            store.add(model("second"));
            store.add(model("first"));
        }
        const Database database(folder / "a.sqlite", OpenMode::ReadOnly);
        const RewardStore store(database);
        const std::vector<RewardModelRow> models = store.models();
        REQUIRE(models.size() == 2);
        RewardModelRow expected = model("first");
        expected.id = 2;
        CHECK(models[0] == expected);
        CHECK(models[1].name == "second");
        CHECK(store.find("second") == models[1]);
        CHECK_FALSE(store.find("third").has_value());
        CHECK_FALSE(store.find("").has_value());
    }

    TEST_CASE("a reward model without a date is of now") {
        const Database database = Database::temporary();
        RewardStore store(database);
        RewardModelRow undated = model("a");
        undated.created.clear();
        store.add(undated);
        CHECK(store.find("a")->created.size() == std::string("2025-01-31T12:00:00Z").size());
        CHECK(store.find("a")->created > "2025");
    }

    TEST_CASE("a name is given once and the first model keeps it") {
        const Database database = Database::temporary();
        RewardStore store(database);
        store.add(model("a"));
        RewardModelRow other = model("a");
        other.head_json = "{}";
        CHECK_THROWS_WITH_AS(store.add(other), doctest::Contains("there is a reward model 'a' already"), StoreError);
        CHECK(store.find("a")->head_json == model("a").head_json);
        CHECK_THROWS_AS(store.add(model("")), StoreError);
    }

    TEST_CASE("an evaluation replaces the metrics and nothing else") {
        const Database database = Database::temporary();
        RewardStore store(database);
        store.add(model("a"));
        store.set_metrics("a", R"({"accuracy":0.6})");
        RewardModelRow expected = model("a");
        expected.id = 1;
        expected.metrics_json = R"({"accuracy":0.6})";
        CHECK(store.find("a") == expected);
        CHECK_THROWS_WITH_AS(store.set_metrics("b", "{}"), doctest::Contains("no reward model 'b'"), StoreError);
    }

    TEST_CASE("a file of the previous schema opens without reward models and takes them when it is written") {
        const Temporary folder;
        make_old_database(folder / "a.sqlite", 4);
        const std::string before = file_text(folder / "a.sqlite");
        {
            const Database database(folder / "a.sqlite", OpenMode::ReadOnly);
            CHECK(RewardStore(database).models().empty());
        }
        CHECK(file_text(folder / "a.sqlite") == before);
        const Database database(folder / "a.sqlite", OpenMode::ReadWrite);
        RewardStore store(database);
        store.add(model("a"));
        CHECK(store.models().size() == 1);
    }
}
