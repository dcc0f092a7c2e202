#include "harness/results/shown_items.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "harness/results/report.hpp"
#include "harness/store/database.hpp"
#include "tests/harness/catalog.hpp"

using namespace harness;
using nlohmann::json;

namespace {

/// A run of generated answers; '1' is right, '0' wrong, '-' an error.
store::RunRow run_of_answers(store::RunStore& runs, const std::string& variant, const std::string& scores) {
    store::ImportedTask task;
    task.task.task = "questions";
    task.task.version = 1;
    task.task.profile = "p";
    task.task.planned_items = scores.size();
    task.task.kind = "generate";
    task.task.metrics = {{.name = "acc"}};
    for (std::size_t doc = 0; doc < scores.size(); ++doc) {
        const json row = {{"question", std::to_string(doc)}, {"subject", doc == 4 ? "algebra" : ""}};
        store::ItemRow item{.doc = doc,
                            .document_json = row.dump(),
                            .target = "4",
                            .error = scores[doc] == '-' ? "too long" : "",
                            .requests = {{.kind = "generate", .context = "q", .output = variant}},
                            .scores = {}};
        if (scores[doc] != '-') item.scores.push_back({.metric = "acc", .value = scores[doc] == '1' ? 1.0 : 0.0});
        task.items.push_back(std::move(item));
    }
    store::RunRow plan;
    plan.plan_hash = "plan " + variant;
    plan.plan_json = "{}";
    plan.model_fingerprint = variant;
    plan.variant = variant;
    return runs.import_run({variant, variant, variant + ".gguf", "{}"}, plan, {task});
}

std::vector<std::uint64_t> shown_docs(const reports::data::RunView& run) {
    std::vector<std::uint64_t> docs;
    for (const reports::data::ItemView& item : run.tasks.at(0).shown) docs.push_back(item.doc);
    return docs;
}

}  // namespace

TEST_SUITE("results.shown items") {
    TEST_CASE("the items to browse are those on which the runs differ and come from both runs") {
        using Docs = std::vector<std::uint64_t>;
        const store::Database database = store::Database::temporary();
        store::RunStore runs(database);
        const std::vector<store::RunRow> rows = {run_of_answers(runs, "a", "110110"),
                                                 run_of_answers(runs, "b", "11-011")};
        const auto shown = [&](std::uint64_t count) {
            return results::make_report(runs, rows, harness_test::catalog(), {.shown_items = count});
        };
        for (const reports::data::RunView& run : shown(3).runs) CHECK(shown_docs(run) == Docs{2, 3, 5});
        for (const reports::data::RunView& run : shown(100).runs) CHECK(shown_docs(run) == Docs{0, 1, 2, 3, 4, 5});
        for (const reports::data::RunView& run : shown(0).runs) CHECK(shown_docs(run).empty());
        const reports::data::ItemView& item = shown(3).runs[1].tasks[0].shown.at(1);
        CHECK(item.exchanges.at(0).answer == "b");
        CHECK(item.scores.at("acc").value == 0.0);
    }

    TEST_CASE("an item has the category that its document names") {
        const store::Database database = store::Database::temporary();
        store::RunStore runs(database);
        const store::RunRow run = run_of_answers(runs, "a", "111111");
        const auto report = results::make_report(runs, {run}, harness_test::catalog(), {.shown_items = 10});
        CHECK(report.runs[0].tasks[0].shown.at(3).category == "");
        CHECK(report.runs[0].tasks[0].shown.at(4).category == "algebra");
    }
}
