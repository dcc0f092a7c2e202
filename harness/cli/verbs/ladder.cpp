#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/output_file.hpp"
#include "harness/base/read_file.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/engine_options.hpp"
#include "harness/cli/ladder_models.hpp"
#include "harness/cli/licence_notice.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/rendered_runs.hpp"
#include "harness/cli/run_model.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/cli/task_catalog.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/results/report.hpp"
#include "harness/run/asked_groups.hpp"
#include "reports/formats/render.hpp"
#include "suites/catalog.hpp"
#include "suites/fetch.hpp"

namespace harness::cli {
namespace {

struct LadderOptions {
    std::vector<std::string> models;
    std::string reference;
    std::string text;
    std::uint64_t tokens = 0;  ///< 0: all
    std::uint32_t window = 0;  ///< 0: as long as the models can read
    std::string suites;
    std::vector<std::string> tasks;  ///< folders
    std::string database;
    run::RunOptions run;
    engine::EngineOptions engine;
    std::string out;
    results::LicenceNotice notice = results::LicenceNotice::Shown;
    bool json = false;
};

/// The longest window that every model can read. Throws UsageError for a longer one that was asked for.
std::uint32_t common_window(const std::vector<ladder::Candidate>& models, std::uint32_t asked) {
    const auto shortest = std::min_element(
        models.begin(), models.end(), [](const auto& a, const auto& b) { return a.context_length < b.context_length; });
    if (asked > shortest->context_length)
        throw base::UsageError(
            fmt::format("--window {}: {} has a context of {} tokens", asked, shortest->name, shortest->context_length));
    return asked != 0 ? asked : shortest->context_length;
}

/// Evaluates the models on the suites, as `run` does. A model that fails has no run, and the others go on.
class SuiteRuns {
public:
    explicit SuiteRuns(const LadderOptions& options)
        : options_(options),
          catalog_(task_catalog(options.tasks)),
          tasks_(select_tasks(catalog_, options.suites)),
          database_(options.database) {
        for (const suites::Task& task : tasks_) {
            if (!task.runs_programs()) continue;
            throw base::UsageError(
                fmt::format("{} runs programs that the model writes: 'run' it with "
                            "--allow-code-execution, then 'report RUN... --ladder FILE.json'",
                            task.name()));
        }
    }

    ExitCode run(const std::vector<ladder::Candidate>& models) {
        ExitCode code = ExitCode::Done;
        for (const ladder::Candidate& model : models) {
            try {
                const run::Outcome outcome = run_model(*model.source,
                                                       {.tasks = tasks_,
                                                        .options = options_.run,
                                                        .engine = options_.engine,
                                                        .groups = run::asked_groups(catalog_, options_.suites)},
                                                       database_.opener());
                rows_.push_back(database_.runs().find_run(std::to_string(outcome.run)));
            } catch (const engine::EngineError& error) {
                if (error.kind() == engine::EngineError::Kind::Stopped) throw;
                print_error("{}: no scores: {}\n", model.name, error.what());
                code = ExitCode::WorkFailed;
            }
        }
        return code;
    }

    reports::data::Report report() {
        if (rows_.empty()) return {};
        print_licence_notice(database_.runs(), rows_, options_.notice);
        return results::make_report(database_.runs(), rows_, catalog_, {.notice = options_.notice});
    }

private:
    const LadderOptions& options_;
    suites::Catalog catalog_;
    std::vector<suites::Task> tasks_;
    RunsToWrite database_;
    std::vector<store::RunRow> rows_;
};

ExitCode ladder_verb(const LadderOptions& options) {
    if (!options.out.empty()) check_ending(options.out);
    std::optional<base::OutputFile> out;
    if (!options.out.empty()) out.emplace(options.out);
    const std::string content = base::read_file(options.text);
    const std::vector<ladder::Candidate> models =
        ladder::candidates(options.models, options.reference, options.engine.context);
    ladder::check_same_tokens(models, content);
    const ladder::Text text =
        ladder::cut_text(std::filesystem::path(options.text).filename().string(), content, *models.front().tokenizer,
                         common_window(models, options.window), options.tokens);
    // Runs come first: they are stored, so that a stopped command goes on where it was.
    ExitCode code = ExitCode::Done;
    reports::data::Report report;
    if (!options.suites.empty()) {
        SuiteRuns runs(options);
        code = runs.run(models);
        report = runs.report();
    }
    report.ladder = measure_ladder(models, text, options.engine);
    const auto& rows = report.ladder->models;
    if (std::any_of(rows.begin(), rows.end(), [](const auto& row) { return !row.failure.empty(); }))
        code = ExitCode::WorkFailed;
    if (out) {
        out->write(render_as(report, options.out));
        out->finish();
    }
    if (options.json) {
        print_json_text(reports::formats::render_json(report));
    } else {
        print_trusted(reports::formats::render_ladder(report, table_width()));
        if (out) print("\n{}\n", options.out);
    }
    return code;
}

void suite_options(Verb& verb, LadderOptions& options) {
    verb.heading("Scores and flips");
    Option& suites = verb.option("--suite", "NAME,...", comma_list(options.suites),
                                 "Tasks and groups to run with every model, separated by commas");
    suites.arity = Arity::Repeated;
    tasks_option(verb, options.tasks).needs(suites);
    verb.option("--limit", "N", whole_number(options.run.limit, 1), "The first N documents of each task").needs(suites);
    verb.option("--fewshot", "K", whole_number(options.run.fewshot),
                "Few-shot examples before each question (default: the task's)")
        .alias("--num-fewshot")
        .needs(suites);
    data_option(verb, options.run.data_dir);
    options.run.cache_dir = suites::default_data_dir();
    database_option(verb, options.database);
    licence_notice_option(verb, options.notice);
}

}  // namespace

void add_ladder(Verb& root) {
    Verb& verb = root.verb("ladder", "One model at several quantisations: divergence, scores, flips, size, speed");
    auto& options = verb.command(ladder_verb);
    verb.arguments("MODEL", texts(options.models), kModelHelp).required();
    verb.option("--text", "FILE", text_not_empty(options.text),
                "Text over which predictions are compared, in windows as by 'perplexity'")
        .required()
        .of_its_verb();
    verb.option("--reference", "MODEL", text_not_empty(options.reference),
                "What the others are compared with (default: the MODEL with the most bits per weight, the first of "
                "equals)")
        .of_its_verb();
    verb.option("--tokens", "N", whole_number(options.tokens, 1),
                "Only the first N tokens of the text; each takes 4 bytes of temporary space for each token of the "
                "vocabulary")
        .of_its_verb();
    verb.option(
            "--window", "N", whole_number(options.window, 1),
            "Max tokens of a window (default: the shortest context of the models); more windows are more exact errors")
        .of_its_verb();
    verb.option("--out", "FILE", text_not_empty(options.out),
                "Also a report: .html, .md or .json; 'report --ladder' reads the last");
    json_flag(verb, options.json);
    suite_options(verb, options);
    engine_options(verb, options.engine);
    verb.example("bellwether ladder model-*.gguf --text book.txt");
    verb.example("bellwether ladder model-*.gguf --text book.txt --suite arc_easy --limit 500 --out ladder.html");
    verb.example("bellwether ladder q4.gguf q8.gguf --reference f16.gguf --text book.txt --window 512");
    verb.note(
        "A model that cannot be read, or has another vocabulary, is named before anything is computed (exit code 2). "
        "One that fails later is listed with the reason, and the others go on (exit code 3).");
}

}  // namespace harness::cli
