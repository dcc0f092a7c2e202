// Verbs about runs: they open the store.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "harness/base/output_file.hpp"
#include "harness/cli/commands.hpp"
#include "harness/cli/run_model.hpp"
#include "harness/cli/show_item.hpp"
#include "harness/cli/text.hpp"
#include "harness/interchange/lm_eval_export.hpp"
#include "harness/interchange/lm_eval_import.hpp"
#include "harness/model/model_source.hpp"
#include "harness/results/item_differences.hpp"
#include "harness/results/jsonl_export.hpp"
#include "harness/results/published_rows.hpp"
#include "harness/results/run_view.hpp"
#include "harness/run/code_grader.hpp"
#include "harness/run/merge.hpp"
#include "reports/formats/render.hpp"
#include "suites/demo/demo_models.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;

/// The store of a verb that only reads: a missing file is a mistake in the call, not an empty store.
store::RunStore existing_store(const std::string& database) {
    if (!std::filesystem::exists(database)) {
        throw UsageError(database + ": no such database; make one with 'bellwether run', or name it with --db");
    }
    return store::RunStore(database);
}

store::RunRow resolve(const store::RunStore& runs, const std::string& reference) {
    try {
        return runs.find_run(reference);
    } catch (const store::NoSuchRunError& error) {
        throw UsageError(fmt::format("{}; 'bellwether runs' lists them", error.what()));
    }
}

interchange::ImportedRun read_import(const ImportOptions& options) {
    try {
        return interchange::read_lm_eval({.files = options.files, .model = options.model, .profile = options.profile});
    } catch (const interchange::InterchangeError& error) {
        throw UsageError(error.what());
    }
}

/// The run that is exported; says so when it is only a part.
store::RunRow exported_run(const store::RunStore& runs, const std::string& reference) {
    const store::RunRow run = resolve(runs, reference);
    if (run.finished.empty()) fmt::print(stderr, "run {} is unfinished: this is a part of its items\n", run.id);
    return run;
}

std::vector<interchange::ExportedFile> lm_eval_files(const ExportOptions& options) {
    const store::RunStore runs = existing_store(options.database);
    return interchange::export_lm_eval(runs, exported_run(runs, options.run));
}

ExitCode export_lm_eval(const ExportOptions& options) {
    if (options.out.empty()) throw UsageError("--format lm-eval writes several files; name a folder with --out");
    std::error_code error;
    std::filesystem::create_directories(options.out, error);
    if (error) throw std::runtime_error(fmt::format("{}: the folder cannot be made: {}", options.out, error.message()));
    for (const interchange::ExportedFile& file : lm_eval_files(options)) {
        const std::string path = (std::filesystem::path(options.out) / file.name).string();
        base::write_output(path, file.content);
        fmt::print("{}\n", path);
    }
    return ExitCode::Done;
}

/// What is shown of `views`, with published numbers of the model `against` unless that is empty.
reports::data::Report report_of(std::vector<reports::data::RunView> views, const std::string& against) {
    reports::data::Report report{.runs = std::move(views)};
    if (!against.empty()) report.published = results::published_rows(report.runs, against);
    return report;
}

std::string render_as(const reports::data::Report& report, const std::string& path) {
    const std::string extension = std::filesystem::path(path).extension().string();
    if (extension == ".html") return reports::formats::render_html(report);
    if (extension == ".md") return reports::formats::render_markdown(report);
    if (extension == ".json") return reports::formats::render_json(report);
    throw UsageError(path + ": the report's format goes by the ending: .html, .md or .json");
}

/// What sharing prefixes saved.
std::string work_text(const std::string& variant, const run::Outcome& outcome, double seconds) {
    if (outcome.computed_items == 0)
        return fmt::format("{}: nothing to compute, every item was stored\n", printable(variant));
    const double fewer = outcome.tokens_computed == 0
                             ? 1
                             : static_cast<double>(outcome.tokens_asked) / static_cast<double>(outcome.tokens_computed);
    return fmt::format("{}: {} tokens in prompts and answers, {} computed ({:.2f} times fewer), {} items in {:.1f} s\n",
                       printable(variant), outcome.tokens_asked, outcome.tokens_computed, fewer, outcome.computed_items,
                       seconds);
}

/// Says on standard error why items are missing although the model answered them.
void report_not_judged(const std::string& variant, const run::Outcome& outcome) {
    constexpr std::size_t kShown = 3;
    if (outcome.not_judged.empty()) return;
    fmt::print(stderr, "{}: {} items were not judged and are not stored; run the same command again to judge them\n",
               printable(variant), outcome.not_judged.size());
    for (std::size_t i = 0; i < std::min(kShown, outcome.not_judged.size()); ++i)
        fmt::print(stderr, "  {}\n", printable(outcome.not_judged[i]));
}

}  // namespace

ExitCode run_command(const RunVerbOptions& options) {
    const std::vector<suites::Task> tasks = suites::select_tasks(options.suites);
    // Every model is looked at before the first one runs, so that a typing error costs seconds and not hours.
    for (const std::string& name : options.models) {
        const model::ModelSource source(name);
        if (!std::filesystem::exists(source.path())) throw UsageError(name + ": no such model file");
    }
    std::optional<run::CodeGrader> code;
    for (const suites::Task& task : tasks) {
        if (!task.runs_code() || code) continue;
        if (!options.allow_code_execution) {
            throw UsageError(fmt::format(
                "{} runs programs that the model writes; --allow-code-execution allows it, in a sandbox", task.name()));
        }
        code.emplace();
    }
    store::RunStore runs(options.database);
    json summaries = json::array();
    std::vector<reports::data::RunView> views;
    std::string work;
    bool unjudged = false;
    for (const std::string& name : options.models) {
        const model::ModelSource source(name);
        const auto start = std::chrono::steady_clock::now();
        const run::Outcome outcome = run_model(source,
                                               {.tasks = tasks,
                                                .options = options.run,
                                                .engine = options.engine,
                                                .shard = options.shard,
                                                .code = code ? &*code : nullptr},
                                               runs);
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
        report_not_judged(source.variant(), outcome);
        unjudged = unjudged || !outcome.not_judged.empty();
        if (outcome.missing_items > outcome.not_judged.size()) {
            fmt::print(
                stderr,
                "{}: run {} is unfinished: {} of its items belong to other shards; 'merge' puts the databases of "
                "all shards together\n",
                printable(source.variant()), outcome.run, outcome.missing_items - outcome.not_judged.size());
        }
        if (options.verbose) work += work_text(source.variant(), outcome, seconds.count());
        summaries.push_back({{"run", outcome.run},
                             {"model", source.variant()},
                             {"items", outcome.items},
                             {"missing_items", outcome.missing_items},
                             {"computed_items", outcome.computed_items},
                             {"errors", outcome.errors},
                             {"tokens_asked", outcome.tokens_asked},
                             {"tokens_computed", outcome.tokens_computed},
                             {"database", options.database}});
        views.push_back(results::run_view(runs, runs.find_run(std::to_string(outcome.run)), 0));
    }
    if (options.json) {
        fmt::print("{}\n",
                   to_line(summaries.size() == 1 ? summaries.front()
                                                 : json{{"run", summaries.back()["run"]}, {"runs", summaries}}));
    } else {
        fmt::print("{}{}{}", reports::formats::render_terminal({.runs = views}), work.empty() ? "" : "\n", work);
    }
    return unjudged ? ExitCode::WorkFailed : ExitCode::Done;
}

ExitCode run_command(const RunsOptions& options) {
    const store::RunStore runs = existing_store(options.database);
    if (options.json) {
        json rows = json::array();
        for (const store::RunRow& run : runs.runs()) {
            rows.push_back({{"run", run.id},
                            {"plan", run.plan_hash},
                            {"model", run.variant},
                            {"fingerprint", run.model_fingerprint},
                            {"created", run.created},
                            {"finished", run.finished}});
        }
        fmt::print("{}\n", to_line(rows));
        return ExitCode::Done;
    }
    fmt::print("{:>4}  {:<12}  {:<20}  {:<20}  {:<20}  {}\n", "run", "plan", "model", "created", "finished", "tasks");
    for (const store::RunRow& run : runs.runs()) {
        std::string tasks;
        for (const store::RunTaskRow& task : runs.tasks(run.id)) tasks += (tasks.empty() ? "" : ",") + task.task;
        fmt::print("{:>4}  {:<12}  {:<20}  {:<20}  {:<20}  {}\n", run.id, run.plan_hash.substr(0, 12),
                   printable(run.variant), run.created, run.finished.empty() ? "unfinished" : run.finished, tasks);
    }
    return ExitCode::Done;
}

ExitCode run_command(const ShowOptions& options) {
    const store::RunStore runs = existing_store(options.database);
    const store::RunRow run = resolve(runs, options.run);
    if (options.item) return show_item(runs, run, options);
    if (!options.task.empty()) throw UsageError("--task goes with --item");
    const reports::data::Report report = report_of({results::run_view(runs, run, 0)}, options.against);
    fmt::print("{}", options.json ? reports::formats::render_run_json(report) + "\n"
                                  : reports::formats::render_terminal(report));
    return ExitCode::Done;
}

ExitCode run_command(const CompareOptions& options) {
    const store::RunStore runs = existing_store(options.database);
    if (options.items) {
        const reports::data::RunDifference difference = results::item_differences(
            runs, resolve(runs, options.first), resolve(runs, options.second), options.tolerance);
        fmt::print("{}", options.json ? reports::formats::render_json(difference) + "\n"
                                      : reports::formats::render_terminal(difference));
        return options.expect_identical && !difference.identical() ? ExitCode::CheckFailed : ExitCode::Done;
    }
    const reports::data::Report report = report_of({results::run_view(runs, resolve(runs, options.first), 0),
                                                    results::run_view(runs, resolve(runs, options.second), 0)},
                                                   options.against);
    fmt::print("{}",
               options.json ? reports::formats::render_json(report) + "\n" : reports::formats::render_terminal(report));
    return ExitCode::Done;
}

ExitCode run_command(const ExportOptions& options) {
    if (options.format == "lm-eval") return export_lm_eval(options);
    base::OutputFile out(options.out.empty() ? "-" : options.out);
    const store::RunStore runs = existing_store(options.database);
    results::export_jsonl(runs, exported_run(runs, options.run), [&out](std::string_view line) { out.write(line); });
    out.finish();
    return ExitCode::Done;
}

ExitCode run_command(const MergeOptions& options) {
    std::vector<run::MergedRun> merged;
    try {
        merged = run::merge(options.out, options.stores, options.allow_missing, options.plan);
    } catch (const run::MergeError& error) {
        throw UsageError(fmt::format("{}. Nothing was written", error.what()));
    }
    json rows = json::array();
    for (const run::MergedRun& run : merged) {
        rows.push_back({{"run", run.run},
                        {"model", run.variant},
                        {"items", run.items},
                        {"missing_items", run.missing_items},
                        {"database", options.out}});
        if (!options.json) {
            fmt::print("{}: run {}: {}, {} items{}\n", options.out, run.run, printable(run.variant), run.items,
                       run.missing_items == 0 ? "" : fmt::format(", {} are missing", run.missing_items));
        }
    }
    if (options.json) fmt::print("{}\n", to_line(rows));
    return ExitCode::Done;
}

ExitCode run_command(const ImportOptions& options) {
    for (const std::string& file : options.files) {
        if (!std::filesystem::is_regular_file(file)) throw UsageError(file + ": no such file");
    }
    const interchange::ImportedRun imported = read_import(options);
    store::RunStore runs(options.database);
    const std::vector<store::RunRow> before = runs.runs();
    const store::RunRow run = runs.import_run(imported.model, imported.plan, imported.tasks);
    const bool was_there =
        std::any_of(before.begin(), before.end(), [&run](const store::RunRow& row) { return row.id == run.id; });
    if (options.json) {
        fmt::print("{}\n", to_line({{"run", run.id},
                                    {"model", run.variant},
                                    {"fingerprint", run.model_fingerprint},
                                    {"tasks", imported.tasks.size()},
                                    {"items", imported.items},
                                    {"was_there", was_there},
                                    {"database", options.database}}));
    } else {
        fmt::print("Run {}: {}, items: {}, tasks: {}{}\n", run.id, printable(run.variant), imported.items,
                   imported.tasks.size(), was_there ? "; it was there already" : "");
    }
    return ExitCode::Done;
}

ExitCode run_command(const ReportOptions& options) {
    base::OutputFile out(options.out);
    const store::RunStore runs = existing_store(options.database);
    std::vector<reports::data::RunView> views;
    for (const std::string& reference : options.runs) {
        views.push_back(results::run_view(runs, resolve(runs, reference), options.shown_items));
    }
    out.write(render_as(report_of(std::move(views), options.against), options.out));
    out.finish();
    fmt::print("{}\n", options.out);
    return ExitCode::Done;
}

ExitCode run_command(const DemoOptions& options) {
    std::error_code error;
    std::filesystem::create_directories(options.out, error);
    if (error) throw std::runtime_error(fmt::format("{}: the folder cannot be made: {}", options.out, error.message()));
    const std::filesystem::path folder(options.out);
    const std::vector<suites::Task> tasks = suites::select_tasks("demo");
    store::RunStore runs((folder / "demo.sqlite").string());
    std::vector<reports::data::RunView> views;
    for (const std::string& name : suites::demo::demo_model_names()) {
        const model::ModelSource source("demo:" + name);
        const run::Outcome outcome = run_model(source, {.tasks = tasks, .options = {}, .engine = options.engine}, runs);
        views.push_back(results::run_view(runs, runs.find_run(std::to_string(outcome.run)), 1000));
    }
    const reports::data::Report report{.runs = std::move(views)};
    for (const char* file : {"report.html", "report.md", "report.json"}) {
        const std::string path = (folder / file).string();
        base::write_output(path, render_as(report, path));
    }
    fmt::print("{}\n", reports::formats::render_terminal(report));
    fmt::print("Report:   {}\n", std::filesystem::absolute(folder / "report.html").string());
    fmt::print("Database: {}\n", std::filesystem::absolute(folder / "demo.sqlite").string());
    return ExitCode::Done;
}

}  // namespace harness::cli
