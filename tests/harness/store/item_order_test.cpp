#include <doctest/doctest.h>

#include "harness/store/database.hpp"
#include "harness/store/document_reader.hpp"
#include "harness/store/item_reader.hpp"
#include "harness/store/item_views.hpp"
#include "harness/store/run_store.hpp"
#include "harness/store/score_store.hpp"
#include "tests/harness/store/rows.hpp"
#include "tests/support/temporary.hpp"

using namespace harness::store;

namespace {

/// An item with rows in every table, which tell its document and run.
ItemRow full_item(std::uint64_t doc, const std::string& run) {
    ItemRow row = item(doc);
    const std::string name = run + std::to_string(doc);
    row.document_json = "{\"a\":\"" + name + "\"}";
    row.error = doc % 5 == 4 ? "error " + std::to_string(doc % 2) : "";
    for (std::uint64_t position = 0; position <= doc % 3; ++position) {
        RequestRow request{.kind = "generate",
                           .context = name + "?",
                           .continuation = "",
                           .output = name + "!",
                           .logprob = -static_cast<double>(doc + position)};
        request.tokens = {{static_cast<std::int32_t>(doc), 0.5}};
        request.cut_tokens = (doc + position) % 4 == 0 ? doc + 1 : 0;
        row.requests.push_back(request);
    }
    row.scores = {{"acc", static_cast<double>(doc), doc % 2 == 0 ? "why " + name : ""}, {"other", std::nullopt}};
    if (doc % 7 == 3) row.scores.pop_back();
    row.answers = {{"first", name}, {"last", name + "."}};
    return row;
}

/// Two runs whose items were stored in turns and not in the order of their documents, as workers finish them.
struct Interleaved {
    Temporary folder;
    Database database{folder / "a.sqlite", OpenMode::Create};
    RunStore runs{database};
    ScoreStore scores{database};
    std::vector<std::int64_t> tasks;
    static constexpr std::uint64_t kItems = 600;

    Interleaved() {
        for (const char* hash : {"aaaa1", "bbbb2"})
            tasks.push_back(runs.tasks(runs.open_run(kModel, plan(hash), one_task()).id).at(0).id);
        for (std::uint64_t batch = 0; batch < kItems / 4; ++batch) {
            for (std::size_t run = 0; run < tasks.size(); ++run) {
                std::vector<ItemRow> items;
                for (std::uint64_t i = 0; i < 4; ++i) items.push_back(full_item(doc_at(4 * batch + i), name(run)));
                runs.add_items(tasks[run], items);
            }
        }
    }
    static std::string name(std::size_t run) { return run == 0 ? "x" : "y"; }
    /// 7 has no factor in common with the number of items, so that this is a permutation.
    static std::uint64_t doc_at(std::uint64_t index) { return index * 7 % kItems; }
};

/// The item as it is read back: its scores name their scorer.
ItemRow as_read(ItemRow row, std::int64_t scorer) {
    for (ScoreRow& score : row.scores) score.scorer = scorer;
    return row;
}

}  // namespace

TEST_SUITE("harness.store") {
    TEST_CASE("items are read with their own rows whatever the order in which runs stored them") {
        const Interleaved store;
        for (std::size_t run = 0; run < store.tasks.size(); ++run) {
            const std::int64_t scorer = store.runs.tasks(static_cast<std::int64_t>(run) + 1).at(0).scorer.id;
            ItemReader reader(store.runs, store.tasks[run]);
            for (std::uint64_t doc = 0; doc < Interleaved::kItems; ++doc) {
                const ItemRow* read = reader.next();
                REQUIRE(read != nullptr);
                CHECK(*read == as_read(full_item(doc, Interleaved::name(run)), scorer));
            }
            CHECK(reader.next() == nullptr);
        }
    }

    TEST_CASE("columns of scores have the values of their own documents whatever the order of storing") {
        const Interleaved store;
        const TaskColumns columns = store.scores.task_columns(store.tasks[1]);
        REQUIRE(columns.docs.size() == Interleaved::kItems);
        REQUIRE(columns.columns.size() == 2);
        CHECK(columns.columns[0].metric == "acc");
        for (std::uint64_t doc = 0; doc < Interleaved::kItems; ++doc) {
            CHECK(columns.docs[doc] == doc);
            CHECK(columns.failed[doc] == (doc % 5 == 4));
            CHECK(columns.columns[0].values[doc] == static_cast<double>(doc));
            CHECK_FALSE(columns.columns[1].values[doc].has_value());
        }
        REQUIRE(columns.errors.size() == 2);
        CHECK(columns.errors[0].error == "error 0");
        CHECK(columns.errors[0].first_doc == 4);
        CHECK(columns.errors[1].first_doc == 9);
        CHECK(columns.errors[0].items + columns.errors[1].items == Interleaved::kItems / 5);
    }

    TEST_CASE("an item is found by its document in any order") {
        const Interleaved store;
        ItemFinder finder(store.runs, store.tasks[0]);
        for (const std::uint64_t doc : {0, 1, 2, 3, 4, 5, 6, 7, 8, 200, 599, 17, 16, 15, 15, 300, 301, 302, 598, 0})
            CHECK(finder.at(doc).document_json == full_item(doc, "x").document_json);
        CHECK_THROWS_AS(finder.at(600), StoreError);
    }

    TEST_CASE("views of items have the rows of their own document in any order") {
        const Interleaved store;
        ItemViewFinder finder(store.database, store.tasks[1]);
        for (const std::uint64_t doc : {0, 1, 2, 3, 4, 5, 6, 200, 599, 17, 16, 300, 301, 302, 0}) {
            CAPTURE(doc);
            const ItemRow expected = full_item(doc, "y");
            const ItemView& found = finder.at(doc);
            CHECK(found.doc == doc);
            CHECK(found.error == expected.error);
            REQUIRE(found.requests.size() == expected.requests.size());
            for (std::size_t i = 0; i < found.requests.size(); ++i) {
                CHECK(found.requests[i].kind == expected.requests[i].kind);
                CHECK(found.requests[i].context == expected.requests[i].context);
                CHECK(found.requests[i].continuation == expected.requests[i].continuation);
                CHECK(found.requests[i].output == expected.requests[i].output);
                CHECK(found.requests[i].logprob == expected.requests[i].logprob);
            }
            REQUIRE(found.scores.size() == expected.scores.size());
            for (std::size_t i = 0; i < found.scores.size(); ++i) {
                CHECK(found.scores[i].metric == expected.scores[i].metric);
                CHECK(found.scores[i].value == expected.scores[i].value);
            }
        }
        CHECK_THROWS_AS(finder.at(600), StoreError);
    }

    TEST_CASE("documents are read in order without their outputs") {
        const Interleaved store;
        std::uint64_t next = 0;
        DocumentReader(store.database).read(store.tasks[1], [&next](const DocumentView& document) {
            CHECK(document.doc == next);
            CHECK(document.document_json == full_item(next, "y").document_json);
            CHECK(document.target == "x");
            ++next;
        });
        CHECK(next == Interleaved::kItems);
    }
}
