// What reads runs without keeping them in memory.

#include <doctest/doctest.h>

#include <stop_token>
#include <thread>

#include "harness/results/document_hashes.hpp"
#include "harness/results/item_differences.hpp"
#include "harness/results/report.hpp"
#include "harness/store/database.hpp"
#include "harness/store/score_store.hpp"
#include "harness/store/transaction.hpp"
#include "reports/formats/item_differences.hpp"
#include "reports/formats/render.hpp"
#include "reports/sections/pairing.hpp"
#include "tests/harness/catalog.hpp"
#include "tests/harness/store/rows.hpp"
#include "tests/support/temporary.hpp"

using namespace harness;

namespace {

using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;

/// A database with a task for each run.
struct SeveralRuns {
    Temporary folder;
    store::Database database{folder / "a.sqlite", store::OpenMode::Create};
    store::RunStore runs{database};
    std::vector<store::RunRow> rows;

    std::int64_t add_run(const std::vector<store::ItemRow>& items) {
        rows.push_back(runs.open_run(kModel, plan("hash" + std::to_string(rows.size())), one_task()));
        const std::int64_t task = runs.tasks(rows.back().id).at(0).id;
        runs.add_items(task, items);
        return task;
    }
};

store::ItemRow document_item(std::uint64_t doc, const std::string& document, const std::string& target = "x") {
    store::ItemRow row = item(doc);
    row.document_json = document;
    row.target = target;
    return row;
}

/// Which documents of two runs are the same ones.
reports::sections::Pairing pairing_of(const std::vector<store::ItemRow>& first,
                                      const std::vector<store::ItemRow>& second) {
    SeveralRuns stored;
    const std::int64_t one = stored.add_run(first);
    const std::int64_t two = stored.add_run(second);
    const store::ScoreStore scores(stored.database);
    reports::data::Documents of_first;
    reports::data::Documents of_second;
    of_first.numbers = scores.task_columns(one, results::stored_text_hashes(of_first)).docs;
    of_second.numbers = scores.task_columns(two, results::stored_text_hashes(of_second)).docs;
    results::make_hashes_comparable(stored.runs, {{one, &of_first}, {two, &of_second}});
    return reports::sections::pair_documents(of_first, of_second);
}

/// An item with a choice, whose prompt and score differ with `run`.
store::ItemRow choice_item(std::uint64_t doc, int run) {
    store::ItemRow row = document_item(doc, "{\"q\":" + std::to_string(doc) + "}");
    const bool differs = run == 1 && doc % 3 == 0;
    row.requests = {{.kind = "choice", .context = differs ? "Q \xFF?" : "Q", .continuation = " a", .logprob = -1.5}};
    row.scores = {{"acc", differs ? 0.0 : 1.0}};
    return row;
}

}  // namespace

TEST_SUITE("results.large") {
    TEST_CASE("equal texts are paired in order and copies too") {
        const std::vector<store::ItemRow> items = {document_item(0, "{\"a\":1}"), document_item(1, "{\"a\":1}"),
                                                   document_item(2, "{\"a\":2}")};
        const auto pairing = pairing_of(items, items);
        CHECK(pairing.by == reports::sections::Pairing::By::Content);
        CHECK(pairing.pairs == Pairs{{0, 0}, {1, 1}, {2, 2}});
    }

    TEST_CASE("documents that differ only in the order of their keys are paired although others are equal as texts") {
        const auto pairing = pairing_of({document_item(0, R"({"a":1,"b":2})"), document_item(1, R"({"a":3})"),
                                         document_item(5, R"({"a":4})"), document_item(6, R"({"a":6})")},
                                        {document_item(0, R"({ "b":2, "a":1})"), document_item(1, R"({"a":3})"),
                                         document_item(4, R"({"a":6})"), document_item(5, R"({"a":5})")});
        CHECK(pairing.pairs == Pairs{{0, 0}, {1, 1}, {3, 2}});
        CHECK(pairing.only_a == std::vector<std::size_t>{2});
        CHECK(pairing.only_b == std::vector<std::size_t>{3});
    }

    TEST_CASE("another correct answer or another end of the row is another document") {
        const auto pairing = pairing_of({document_item(0, "not JSON a", "b"), document_item(1, R"({"a":1})", "x")},
                                        {document_item(0, "not JSON ", "ab"), document_item(1, R"({"a":1})", "y")});
        CHECK(pairing.pairs.empty());
    }

    TEST_CASE("items read one by one are printed as those in memory") {
        SeveralRuns stored;
        for (const int run : {0, 1}) {
            std::vector<store::ItemRow> items;
            for (std::uint64_t doc = 0; doc < 1000; ++doc) items.push_back(choice_item(doc, run));
            stored.add_run(items);
        }
        const reports::data::RunDifference whole =
            results::item_differences(stored.runs, stored.rows[0], stored.rows[1], 0);
        REQUIRE(whole.tasks.at(0).items.size() == 334);
        CHECK(whole.tasks[0].prompts() == 334);
        CHECK(whole.tasks[0].changed_verdicts().at(1) == 3);
        const results::ItemDifferences differences(stored.runs, stored.rows[0], stored.rows[1], 0);
        CHECK(differences.summary().tasks.at(0).items.empty());
        CHECK_FALSE(differences.identical());
        const reports::data::ItemStream stream = differences.items();
        CHECK(stream.counts.at(0).items == 334);
        CHECK(stream.counts[0].verdicts == 334);
        std::string text;
        std::string json;
        reports::formats::write_terminal(differences.summary(), stream, 60,
                                         [&](std::string_view part) { text += part; });
        reports::formats::write_json(differences.summary(), stream, [&](std::string_view part) { json += part; });
        CHECK(text == reports::formats::render_terminal(whole, 60));
        CHECK(json == reports::formats::render_json(whole));
        CHECK(results::ItemDifferences(stored.runs, stored.rows[0], stored.rows[0], 0).identical());
    }

    TEST_CASE("a report sees all of its runs at one moment while another connection writes") {
        SeveralRuns stored;
        const std::vector<store::ItemRow> items = {document_item(0, "{}")};
        const std::vector<std::int64_t> tasks = {stored.add_run(items), stored.add_run(items)};
        const std::jthread writer([&](const std::stop_token& stop) {
            const store::Database database(stored.folder / "a.sqlite", store::OpenMode::ReadWrite);
            store::RunStore runs(database);
            for (std::uint64_t doc = 1; !stop.stop_requested(); ++doc) {
                store::Transaction both(database);
                for (const std::int64_t task : tasks) runs.add_items(task, {document_item(doc, "{}")});
                both.commit();
            }
        });
        const store::Database database(stored.folder / "a.sqlite", store::OpenMode::ReadOnly);
        const store::RunStore runs(database);
        std::uint64_t most = 0;
        for (int report = 0; report < 50 || most < 3; ++report) {
            const auto seen = results::make_report(runs, stored.rows, harness_test::catalog());
            const reports::data::TaskView& first = seen.runs.at(0).tasks.at(0);
            const reports::data::TaskView& second = seen.runs.at(1).tasks.at(0);
            REQUIRE(first.items == second.items);
            REQUIRE(first.docs.contents.size() == first.items);
            REQUIRE(first.docs.contents == second.docs.contents);
            most = first.items;
        }
    }
}
