#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/memory_use.hpp"
#include "harness/base/json.hpp"
#include "harness/base/make_folder.hpp"
#include "harness/base/output_file.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/demo_scores.hpp"
#include "harness/cli/engine_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/rendered_runs.hpp"
#include "harness/cli/run_model.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/cli/task_catalog.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/interchange/outputs_import.hpp"
#include "harness/model/model_source.hpp"
#include "harness/results/report.hpp"
#include "harness/store/run_store.hpp"
#include "reports/formats/render.hpp"
#include "safety/prompts/sets.hpp"
#include "suites/demo_models.hpp"
#include "suites/task.hpp"

namespace harness::cli {
namespace {

struct DemoOptions {
    std::string out = "bellwether-demo";
    engine::EngineOptions engine;
    bool json = false;
};

constexpr const char* kPrompts = "helpfulness_60,safety_60,borderline_60";

/// Imports the reference answers from a file in the folder, as outputs of a model that was asked elsewhere are.
store::RunRow import_reference_answers(const std::filesystem::path& folder, const suites::Catalog& catalog,
                                       store::RunStore& runs) {
    const std::string path = (folder / "reference-answers.jsonl").string();
    base::write_output(path, safety::prompts::reference_answers());
    const interchange::ImportedOutputs outputs = interchange::read_outputs(
        {.files = {path}, .model = "", .tasks = catalog.select(kPrompts), .asked = true, .options = {}});
    return runs.import_run(outputs.run.model, outputs.run.plan, outputs.run.tasks);
}

ExitCode tour(const DemoOptions& options) {
    // A wrong device or too little memory is found before anything is created.
    engine::plan_memory(model::ModelSource("demo:base").path(), options.engine);
    base::make_folder(options.out);
    const std::filesystem::path folder(options.out);
    const suites::Catalog catalog = task_catalog();
    const std::vector<suites::Task> tasks = catalog.select(std::string("demo,") + kPrompts);
    RunsToWrite database((folder / "demo.sqlite").string());
    std::vector<store::RunRow> rows;
    for (const std::string& name : suites::demo::demo_model_names()) {
        const model::ModelSource source("demo:" + name);
        const run::Outcome outcome =
            run_model(source, {.tasks = tasks, .options = {}, .engine = options.engine}, database.opener());
        rows.push_back(database.runs().find_run(std::to_string(outcome.run)));
    }
    rows.push_back(import_reference_answers(folder, catalog, database.runs()));
    add_demo_scores(database.runs().database(), {.all = rows, .base = rows.front(), .written = rows.back()},
                    options.engine);
    const reports::data::Report report = results::make_report(
        database.runs(), rows, catalog, {.shown_items = 1000, .background = results::Background::Taken});
    for (const char* file : {"report.html", "report.md", "report.json"}) {
        const std::string path = (folder / file).string();
        base::write_output(path, render_as(report, path));
    }
    const auto path = [&folder](const char* file) { return std::filesystem::absolute(folder / file).string(); };
    if (options.json) {
        print_json({{"report", base::parse_json(reports::formats::render_json(report), "report")},
                    {"files",
                     {{"html", path("report.html")},
                      {"markdown", path("report.md")},
                      {"json", path("report.json")},
                      {"answers", path("reference-answers.jsonl")},
                      {"database", path("demo.sqlite")}}}});
        return ExitCode::Done;
    }
    print_trusted(reports::formats::render_terminal(report, table_width()) + "\n");
    print("Report:   {}\n", path("report.html"));
    print("Answers:  {}\n", path("reference-answers.jsonl"));
    print("Database: {}\n", path("demo.sqlite"));
    return ExitCode::Done;
}

}  // namespace

void add_demo(Verb& root) {
    Verb& verb = root.verb(
        "demo", "A complete demonstration: the embedded models and imported answers in one report, with their safety");
    auto& options = verb.command(tour);
    verb.option("--out", "DIR", text_not_empty(options.out),
                "Folder for the database and the report (default: bellwether-demo)")
        .of_its_verb();
    json_flag(verb, options.json);
    engine_options(verb, options.engine);
    verb.example("bellwether demo --out tour");
}

}  // namespace harness::cli
