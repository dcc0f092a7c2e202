#include "harness/results/licence.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "harness/results/jsonl_export.hpp"
#include "harness/results/report.hpp"
#include "harness/store/database.hpp"
#include "reports/formats/render.hpp"
#include "tests/harness/catalog.hpp"
#include "tests/support/temporary.hpp"
#include "tests/support/text.hpp"

using namespace harness;
using nlohmann::json;

namespace {

constexpr std::string_view kNotice =
    "Llama 2 is licensed under the LLAMA 2 Community License, Copyright (c) Meta Platforms, Inc. All Rights Reserved.";

/// A database with one finished run of a model with this name and card.
struct LicensedRun {
    explicit LicensedRun(const std::string& name, const std::string& card = "{}") { row = add(name, card); }

    store::RunRow add(const std::string& name, const std::string& card) {
        store::RunTaskRow task;
        task.task = "t";
        task.version = 1;
        task.profile = "p";
        task.planned_items = 1;
        task.kind = "generate";
        const store::ItemRow item{.doc = 0,
                                  .document_json = "{}",
                                  .target = "",
                                  .error = "",
                                  .requests = {{.kind = "generate", .context = "question", .output = "answer"}},
                                  .scores = {}};
        store::RunRow plan;
        plan.plan_hash = "h-" + name;
        plan.plan_json = "{}";
        plan.model_fingerprint = "f-" + name;
        plan.variant = name;
        return runs.import_run({"f-" + name, name, name + ".gguf", card}, plan, {{.task = task, .items = {item}}});
    }

    std::string exported() const {
        std::string lines;
        results::export_jsonl(runs, row, [&lines](std::string_view line) { lines += line; });
        return lines;
    }
    reports::data::Report report(const results::ReportOptions& options = {}) const {
        return results::make_report(runs, runs.runs(), harness_test::catalog(), options);
    }

    Temporary folder;
    store::Database database{folder / "a.sqlite", store::OpenMode::Create};
    store::RunStore runs{database};
    store::RunRow row;
};

const std::string kLlama2Card =
    R"({"licence": {"name": "LLAMA 2 Community License", "basis": "general.license is 'llama2'"}})";

}  // namespace

TEST_SUITE("results.licence") {
    TEST_CASE("the licence of a run is what the record of its model says") {
        const LicensedRun stored("tuned", kLlama2Card);
        CHECK(results::run_licence(stored.runs, stored.row).is_llama2());
        CHECK(results::run_licence(stored.runs, stored.row).basis == "general.license is 'llama2'");
        // A record that knows of no licence is not overruled by the name.
        const LicensedRun unknown("llama-2-tiny", R"({"licence": {"name": "", "basis": ""}})");
        CHECK(results::run_licence(unknown.runs, unknown.row).name.empty());
    }

    TEST_CASE("records of earlier builds and damaged ones leave the name to tell the licence") {
        for (const char* card : {"{}", "", "[]", R"({"licence": 7})"}) {
            CAPTURE(card);
            const LicensedRun named("llama-2-7b", card);
            CHECK(results::run_licence(named.runs, named.row).is_llama2());
            const LicensedRun other("gpt-4", card);
            CHECK(results::run_licence(other.runs, other.row).name.empty());
        }
    }

    TEST_CASE("every format of a report has the notice once for all runs that it binds") {
        LicensedRun stored("tuned", kLlama2Card);
        stored.add("llama-2-70b-chat", "{}");
        stored.add("gpt-4", "{}");
        const reports::data::Report report = stored.report();
        REQUIRE(report.terms.has_value());
        CHECK(report.terms->runs ==
              std::vector<std::string>{"tuned (run 1): general.license is 'llama2'",
                                       "llama-2-70b-chat (run 2): the model's name is 'llama-2-70b-chat'"});
        for (const std::string& text : {reports::formats::render_terminal(report),
                                        reports::formats::render_html(report), reports::formats::render_json(report)}) {
            CHECK(count_of(text, kNotice) == 1);
            CHECK(count_of(text, "700 million") == 1);
            CHECK(count_of(text, "improve other large language models") == 1);
        }
        // Markdown escapes some marks.
        CHECK(count_of(reports::formats::render_markdown(report), "LLAMA 2 Community License, Copyright") == 1);
        const json document = json::parse(reports::formats::render_json(report));
        CHECK(document["terms"]["notice"] == kNotice);
        CHECK(document["runs"][0]["licence"]["name"] == "LLAMA 2 Community License");
        CHECK(document["runs"][2]["licence"].is_null());
    }

    TEST_CASE("reports without Llama 2 models and silenced ones have no notice") {
        CHECK_FALSE(LicensedRun("gpt-4").report().terms.has_value());
        const reports::data::Report silenced =
            LicensedRun("tuned", kLlama2Card).report({.notice = results::LicenceNotice::Silenced});
        CHECK_FALSE(silenced.terms.has_value());
        for (const std::string& text :
             {reports::formats::render_terminal(silenced), reports::formats::render_markdown(silenced),
              reports::formats::render_html(silenced), reports::formats::render_json(silenced)})
            CHECK(count_of(text, "All Rights Reserved") == 0);
    }

    TEST_CASE("lines of an export name Llama 2's licence and are unchanged for all other models") {
        const json bound = json::parse(LicensedRun("tuned", kLlama2Card).exported());
        CHECK(bound["licence"] == "LLAMA 2 Community License");
        for (const char* card : {"{}", R"({"licence": {"name": "mit", "basis": "general.license is 'mit'"}})"}) {
            const LicensedRun other("gpt-4", card);
            CHECK(other.exported() ==
                  R"({"task":"t","doc":0,"requests":[{"prompt":"question","output":"answer"}],"scores":{}})"
                  "\n");
        }
    }
}
