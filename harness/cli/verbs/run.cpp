#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/model_summary.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/cli/chat_prompt.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/engine_options.hpp"
#include "harness/cli/generation_options.hpp"
#include "harness/cli/licence_notice.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/run_model.hpp"
#include "harness/cli/sequential_gate.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/cli/task_catalog.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/model/model_source.hpp"
#include "harness/results/report.hpp"
#include "harness/run/asked_groups.hpp"
#include "harness/run/code_grader.hpp"
#include "harness/run/options.hpp"
#include "harness/store/run_store.hpp"
#include "reports/formats/gate.hpp"
#include "reports/formats/render.hpp"
#include "reports/gate/judge.hpp"
#include "suites/catalog.hpp"
#include "suites/fetch.hpp"
#include "suites/task.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;

struct RunCallOptions {
    bool allow_code_execution = false;
    std::vector<std::string> models;
    std::string suites;
    std::vector<std::string> tasks;  ///< folders
    std::string database;
    run::RunOptions run;
    GenerationOptions generation;
    std::string chat_format;  ///< empty: the one of the model's template
    run::Shard shard;
    engine::EngineOptions engine;
    results::LicenceNotice notice = results::LicenceNotice::Shown;
    bool sequential = false;
    SequentialOptions gate;
    bool verbose = false;
    bool json = false;
};

/// One model's part of the call.
struct ModelOutcome {
    std::string variant;
    run::Outcome outcome;
    double seconds = 0;
};

/// What sharing prefixes saved.
std::string work_text(const ModelOutcome& done) {
    const run::Outcome& outcome = done.outcome;
    if (outcome.computed_items == 0)
        return fmt::format("{}: nothing to compute, every item was stored\n", visible_line(done.variant));
    const double fewer = outcome.tokens_computed == 0
                             ? 1
                             : static_cast<double>(outcome.tokens_asked) / static_cast<double>(outcome.tokens_computed);
    return fmt::format("{}: {} tokens in prompts and answers, {} computed ({:.2f} times fewer), {} items in {:.1f} s\n",
                       visible_line(done.variant), outcome.tokens_asked, outcome.tokens_computed, fewer,
                       outcome.computed_items, done.seconds);
}

/// Says on standard error which items are missing, and why.
void report_missing(const ModelOutcome& done) {
    constexpr std::size_t kShown = 3;
    const std::vector<std::string>& not_judged = done.outcome.not_judged;
    if (!not_judged.empty()) {
        print_error("{}: {} items were not judged and are not stored; run the same command again to judge them\n",
                    done.variant, not_judged.size());
        for (std::size_t i = 0; i < std::min(kShown, not_judged.size()); ++i) print_error("  {}\n", not_judged[i]);
    }
    if (done.outcome.missing_items > not_judged.size()) {
        print_error(
            "{}: run {} is unfinished: {} of its items belong to other shards; 'merge' joins the databases of all "
            "shards\n",
            done.variant, done.outcome.run, done.outcome.missing_items - not_judged.size());
    }
}

json to_json(const ModelOutcome& done, const std::string& database) {
    const run::Outcome& outcome = done.outcome;
    return {{"run", outcome.run},
            {"model", done.variant},
            {"items", outcome.items},
            {"missing_items", outcome.missing_items},
            {"computed_items", outcome.computed_items},
            {"errors", outcome.errors},
            {"tokens_asked", outcome.tokens_asked},
            {"tokens_computed", outcome.tokens_computed},
            {"database", database}};
}

/// Every model is looked at before the first one runs, so that a typing error costs seconds and not hours.
void check_models(const std::vector<std::string>& names, std::uint32_t context) {
    for (const std::string& name : names) {
        const model::ModelSource source(name);
        const std::string refusal = engine::refusal_of(source.path(), context);
        if (!refusal.empty()) throw base::UsageError(refusal);
    }
}

std::optional<run::CodeGrader> code_grader(const std::vector<suites::Task>& tasks, bool is_allowed) {
    for (const suites::Task& task : tasks) {
        if (!task.runs_programs()) continue;
        if (!is_allowed) {
            throw base::UsageError(fmt::format(
                "{} runs programs that the model writes; --allow-code-execution allows it, in a sandbox", task.name()));
        }
        return std::optional<run::CodeGrader>(std::in_place);
    }
    return std::nullopt;
}

/// Runs only as many items as the verdict needs, and prints that.
ExitCode evaluate_sequentially(const RunCallOptions& options) {
    if (options.models.size() != 1) throw base::UsageError("--sequential judges one model; give one --model");
    if (options.gate.baseline.empty())
        throw base::UsageError("--sequential needs --baseline, a file that 'bellwether baseline RUN --out FILE' wrote");
    const suites::Catalog catalog = task_catalog(options.tasks);
    const std::vector<suites::Task> tasks = select_tasks(catalog, options.suites);
    check_models(options.models, options.engine.context);
    SequentialRun sequential(options.gate, catalog);
    std::optional<run::CodeGrader> code = code_grader(tasks, options.allow_code_execution);
    RunsToWrite database(options.database);
    const model::ModelSource source(options.models.front());
    const run::Outcome outcome =
        run_model(source,
                  {.tasks = tasks,
                   .options = resolved(options.generation, options.run),
                   .engine = options.engine,
                   .groups = run::asked_groups(catalog, options.suites),
                   .chat_format = options.chat_format,
                   .code = code ? &*code : nullptr,
                   .execute = [&](const auto& plan, const auto& workers, const auto& runs,
                                  const auto& work) { return sequential.execute(plan, workers, runs, work); }},
                  database.opener());
    const reports::gate::SequentialState& state = sequential.state();
    if (options.json) {
        print_json_text(reports::formats::render_json(state.verdict));
    } else {
        print_trusted(reports::formats::render_terminal(state.verdict, table_width()));
        print("\n{}\n", savings_text(state, options.gate.looks));
    }
    print_licence_notice(database.runs(), {database.runs().find_run(std::to_string(outcome.run))}, options.notice);
    return static_cast<ExitCode>(reports::gate::exit_code(state.verdict));
}

ExitCode evaluate(const RunCallOptions& options) {
    if (options.sequential) return evaluate_sequentially(options);
    const suites::Catalog catalog = task_catalog(options.tasks);
    const std::vector<suites::Task> tasks = select_tasks(catalog, options.suites);
    check_models(options.models, options.engine.context);
    const run::RunOptions run_options = resolved(options.generation, options.run);
    std::optional<run::CodeGrader> code = code_grader(tasks, options.allow_code_execution);
    RunsToWrite database(options.database);
    std::vector<store::RunRow> rows;
    json summaries = json::array();
    std::string work;
    if (code && options.verbose) work = fmt::format("Programs: {}\n", code->confinement());
    ExitCode code_of_all = ExitCode::Done;
    for (const std::string& name : options.models) {
        const model::ModelSource source(name);
        const auto start = std::chrono::steady_clock::now();
        ModelOutcome done{.variant = source.variant(),
                          .outcome = run_model(source,
                                               {.tasks = tasks,
                                                .options = run_options,
                                                .engine = options.engine,
                                                .groups = run::asked_groups(catalog, options.suites),
                                                .chat_format = options.chat_format,
                                                .shard = options.shard,
                                                .code = code ? &*code : nullptr},
                                               database.opener())};
        done.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        report_missing(done);
        if (!done.outcome.not_judged.empty()) code_of_all = ExitCode::WorkFailed;
        if (options.verbose) work += work_text(done);
        summaries.push_back(to_json(done, options.database));
        rows.push_back(database.runs().find_run(std::to_string(done.outcome.run)));
    }
    if (options.json) {
        print_json(summaries.size() == 1 ? summaries.front()
                                         : json{{"run", summaries.back()["run"]}, {"runs", summaries}});
    } else {
        // The terms go to standard error, whatever is printed here.
        const results::ReportOptions shown{.notice = results::LicenceNotice::Silenced};
        print_trusted(reports::formats::render_terminal(results::make_report(database.runs(), rows, catalog, shown),
                                                        table_width()));
        if (!work.empty()) print_trusted("\n" + work);
    }
    print_licence_notice(database.runs(), rows, options.notice);
    return code_of_all;
}

void prompt_options(Verb& verb, RunCallOptions& options) {
    verb.heading("Prompts");
    verb.option("--fewshot", "K", whole_number(options.run.fewshot),
                "Few-shot examples before each question (default: the task's)")
        .alias("--num-fewshot");
    verb.option("--seed", "N", whole_number(options.run.seed),
                "Seed that chooses the few-shot examples (default: 1234)");
    verb.flag("--chat", truth(options.run.chat), "Put every prompt into the model's chat format")
        .alias("--apply-chat-template");
    chat_format_option(verb, options.chat_format);
    verb.option("--system", "TEXT", any_text(options.run.system_prompt),
                "System prompt, for prompts in the chat format")
        .alias("--system-instruction");
    chat_text_options(verb, options.generation, options.run);
    verb.flag(
        "--no-bos",
        [&options](const std::vector<std::string>& words) {
            bool none = false;
            truth(none)(words);
            options.run.bos = none ? model::BosProfile::None : model::BosProfile::ModelDefault;
        },
        "Do not put BOS before prompts (as lm-evaluation-harness before 0.4.9.2)");
    verb.flag("--cut-questions", truth(options.run.cut_questions),
              "Also ask questions that do not fit the model's context, cut on the left (default: an error)");
}

Option& sequential_options(Verb& verb, RunCallOptions& options) {
    verb.heading("Sequential gate");
    Option& sequential =
        verb.flag("--sequential", truth(options.sequential),
                  "Run the items of each task in random order and stop when the gate's verdict is certain; prints "
                  "the verdict and ends with the exit code of 'gate'");
    verb.option("--baseline", "FILE", text_not_empty(options.gate.baseline),
                "With --sequential: file of 'bellwether baseline'")
        .of_its_verb()
        .needs(sequential);
    verb.option("--policy", "FILE", text_not_empty(options.gate.policy), "With --sequential: policy of 'gate'")
        .needs(sequential);
    verb.flag("--strict", truth(options.gate.strict),
              "With --sequential: go on until the absence of a larger drop than the margin is proven, too")
        .needs(sequential);
    looks_option(verb, options.gate.looks).needs(sequential);
    return sequential;
}

}  // namespace

void add_run(Verb& root) {
    Verb& verb = root.verb("run", "Evaluate models; continues a run that was stopped");
    auto& options = verb.command(evaluate);
    Option& models = verb.option("--model", "MODEL", file_list(options.models),
                                 std::string(kModelHelp) +
                                     "; several are separated by commas, and a name with a "
                                     "comma stands in double quotes");
    models.required().arity = Arity::Several;
    verb.option("--suite", "NAME,...", comma_list(options.suites), "Tasks and groups, separated by commas")
        .required()
        .arity = Arity::Repeated;
    tasks_option(verb, options.tasks);
    database_option(verb, options.database);
    data_option(verb, options.run.data_dir);
    options.run.cache_dir = suites::default_data_dir();
    verb.flag("--allow-code-execution", truth(options.allow_code_execution),
              "Run model-written Python of tasks such as humaneval, each program in a bubblewrap sandbox")
        .alias("--confirm-run-unsafe-code");
    verb.flag("--verbose", truth(options.verbose), "Print how many tokens were computed, of how many asked")
        .alias("-v");
    json_flag(verb, options.json);
    licence_notice_option(verb, options.notice);
    verb.heading("Documents");
    verb.option("--limit", "N", whole_number(options.run.limit, 1), "The first N documents of each task");
    Option& shard = verb.option(
        "--shard", "I/N",
        [&options](const std::vector<std::string>& words) {
            try {
                options.shard = run::Shard::parse(words.back());
            } catch (const std::invalid_argument& error) {
                throw ValueError(error.what());
            }
        },
        "Only part I of N, as in 2/4: every Nth item of each task, starting with the Ith; 'merge' joins the "
        "databases of all parts");
    sequential_options(verb, options).excludes(shard);
    prompt_options(verb, options);
    verb.heading("Sampling");
    verb.option("--sampling-seed", "N", whole_number(options.run.sampling_seed), "Seed of the sampling (default: 1)");
    sampling_options(verb, options.run.temperature, options.run.top_p, options.run.top_k);
    generation_options(verb, options.generation, options.run);
    engine_options(verb, options.engine);
    verb.flag("--no-reuse", untruth(options.engine.reuse),
              "Compute shared prefixes again for every request: slower, the same bits");
    verb.example("bellwether run --model demo:chat --suite demo");
    verb.example("bellwether run --model model-F16.gguf,model-Q4_0.gguf --suite arc_easy,gsm8k --limit 200");
    verb.example("bellwether run --model model.gguf --suite my_task --tasks my_folder");
    verb.example("bellwether run --model model.gguf --suite boolq --sequential --baseline baseline.json");
}

}  // namespace harness::cli
