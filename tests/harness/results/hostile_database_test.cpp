#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/results/distinguishing.hpp"
#include "harness/results/item_differences.hpp"
#include "harness/results/report.hpp"
#include "harness/store/database.hpp"
#include "reports/formats/render.hpp"
#include "reports/text/plain_text.hpp"
#include "tests/harness/catalog.hpp"

using namespace harness;
using nlohmann::json;

namespace {

/// Text with terminal escapes, scripts, Markdown and table separators.
const std::string kHostile =
    "\x1b]0;OWNED\x07\x1b[31m\x9b"
    "2J\xC2\x9b"
    "2J\xE2\x80\xAE\r\n</script><script>alert(1)</script> {{{style}}} | `c` [a](b) \x7f\xE2\x80\x8B";

/// A run in which every string of the database that a report may show is hostile.
store::RunRow add_run(store::RunStore& runs, const std::string& plan) {
    const store::ModelRow model{kHostile, kHostile, kHostile, kHostile};
    store::RunRow run;
    run.plan_hash = plan + kHostile;
    run.plan_json = json{{kHostile, plan + "\x1b[2J"}, {"tasks", {{{kHostile, plan + "\x1b[2J"}}}}}.dump(
        -1, ' ', false, json::error_handler_t::replace);
    run.settings_json = run.plan_json;
    run.model_fingerprint = run.model_name = run.variant = run.created = kHostile;
    run.numerics = run.device = run.driver = run.engine_version = plan + kHostile;
    run.warnings_json = json::array({"\x1b[31m</dd><script>"}).dump();
    store::ImportedTask task;
    task.task.task = task.task.profile = kHostile;
    task.task.planned_items = 3;
    task.task.kind = "generate";
    task.task.definition_json = json{{"prompt", plan + "\x1b[2J"}, {"\x1b[31m", 1}}.dump();
    task.task.metrics = {{.name = kHostile}, {.name = kHostile + "c", .kind = "counter"}};
    for (std::uint64_t doc = 0; doc < 2; ++doc) {
        task.items.push_back(
            {.doc = doc,
             .document_json = kHostile,
             .target = kHostile,
             .error = doc == 0 ? "" : kHostile,
             .requests =
                 {{.kind = "generate", .context = plan + kHostile, .output = plan + kHostile, .finish = kHostile}},
             .scores = {{kHostile, 1.0, kHostile}, {kHostile + "c", 1.0, kHostile}}});
    }
    return runs.import_run(model, run, {task});
}

/// The first invisible control character; "" if there is none.
std::string first_unseen(const std::string& text) {
    const std::string seen = reports::text::visible(text, reports::text::Lines::Keep);
    const auto place = std::mismatch(text.begin(), text.end(), seen.begin(), seen.end());
    return place.first == text.end() ? "" : text.substr(static_cast<std::size_t>(place.first - text.begin()), 8);
}

}  // namespace

TEST_SUITE("results.hostile") {
    TEST_CASE("no report of a hostile database has a character that acts without being seen") {
        const store::Database database = store::Database::temporary();
        store::RunStore runs(database);
        const store::RunRow first = add_run(runs, "a");
        const store::RunRow second = add_run(runs, "b");
        const reports::data::Report report =
            results::make_report(runs, {first, second}, harness_test::catalog(), {.shown_items = 10});
        REQUIRE(report.runs.at(0).tasks.at(0).shown.size() == 2);
        REQUIRE(report.runs[0].tasks[0].reasons.size() == 1);
        const reports::data::RunDifference difference = results::item_differences(runs, first, second, 0);
        REQUIRE(difference.tasks.at(0).items.size() == 2);
        for (const std::size_t width : {reports::formats::kUnlimited, std::size_t{40}}) {
            CHECK(first_unseen(reports::formats::render_terminal(report, width)) == "");
            CHECK(first_unseen(reports::formats::render_terminal(difference, width)) == "");
        }
        CHECK(first_unseen(reports::formats::render_markdown(report)) == "");
        const std::string page = reports::formats::render_html(report);
        CHECK(first_unseen(page) == "");
        CHECK(page.find("<script>alert") == std::string::npos);
        CHECK(page.find("&lt;script&gt;alert") != std::string::npos);
    }

    TEST_CASE("no line of a hostile database is wider than the terminal") {
        const store::Database database = store::Database::temporary();
        store::RunStore runs(database);
        const store::RunRow run = add_run(runs, "a");
        const std::string text =
            reports::formats::render_terminal(results::make_report(runs, {run}, harness_test::catalog()), 40);
        for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1)
            CHECK(reports::text::display_width(text.substr(at, text.find('\n', at) - at)) <= 40);
    }

    TEST_CASE("JSON of a hostile database is ASCII that reads back") {
        const store::Database database = store::Database::temporary();
        store::RunStore runs(database);
        const store::RunRow first = add_run(runs, "a");
        const store::RunRow second = add_run(runs, "b");
        const auto report = results::make_report(runs, {first, second}, harness_test::catalog());
        for (const std::string& text :
             {reports::formats::render_json(report), reports::formats::render_run_json(report)}) {
            CHECK(std::all_of(text.begin(), text.end(),
                              [](char c) { return c == '\n' || (c >= 0x20 && static_cast<unsigned char>(c) < 0x7F); }));
            CHECK(json::accept(text));
        }
    }

    TEST_CASE("runs of a hostile database are distinguished without control characters") {
        const store::Database database = store::Database::temporary();
        store::RunStore runs(database);
        const std::int64_t first = add_run(runs, "a").id;
        add_run(runs, "b");
        const auto texts = results::distinguishing_settings(runs);
        REQUIRE(texts.size() == 2);
        CHECK(texts.at(first).find("device") == 0);
    }

    TEST_CASE("a single run and runs of different variants get no distinguishing settings") {
        const store::Database database = store::Database::temporary();
        store::RunStore runs(database);
        add_run(runs, "a");
        CHECK(results::distinguishing_settings(runs).empty());
    }
}
