#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/base/read_file.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/cli/chat_prompt.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/engine_options.hpp"
#include "harness/cli/interrupt.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/progress.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/cli/task_catalog.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/model/model_source.hpp"
#include "harness/results/report.hpp"
#include "harness/scoring/judge_scorer.hpp"
#include "harness/scoring/refusal_scorer.hpp"
#include "harness/scoring/rescore.hpp"
#include "reports/formats/render.hpp"
#include "reports/sections/cells.hpp"
#include "safety/error.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;

constexpr std::string_view kJudge = "judge:";

struct RescoreOptions {
    std::string run;
    std::string with;
    std::string judge_template = "guard";
    std::string chat_format;
    std::string database;
    engine::EngineOptions engine;
    bool json = false;
};

/// What one scorer did.
struct Rescored {
    std::string scorer;  ///< as on the command line
    std::vector<scoring::RescoredTask> tasks;
};

std::vector<std::string> scorer_names(const std::string& list) {
    std::vector<std::string> names;
    for (std::size_t at = 0; at <= list.size();) {
        const std::size_t end = std::min(list.find(',', at), list.size());
        names.push_back(list.substr(at, end - at));
        at = end + 1;
        const std::string& name = names.back();
        const bool is_judge = name.starts_with(kJudge) && name.size() > kJudge.size();
        if (name != "refusal" && !is_judge) {
            throw base::UsageError(
                fmt::format("--with: '{}' is no scorer; the scorers are 'refusal' and 'judge:MODEL'", name));
        }
    }
    return names;
}

safety::judge::Template judge_template(const std::string& asked) {
    if (const safety::judge::Template* known = safety::judge::find_template(asked)) return *known;
    if (asked.find('/') == std::string::npos && !asked.ends_with(".json")) {
        throw base::UsageError(
            fmt::format("--judge-template: '{}' is none of behaviour, guard, rubric, and no .json file", asked));
    }
    try {
        return safety::judge::parse_template(base::read_file(asked), asked);
    } catch (const safety::PromptError& error) {
        throw base::UsageError(error.what());
    }
}

std::vector<scoring::RescoredTask> rescored(const store::Database& database, const store::RunRow& run,
                                            scoring::Scorer& scorer, ProgressBar& bar) {
    std::uint64_t fresh = 0;
    scoring::RescoreWork work;
    work.on_progress = [&](const scoring::RescoreProgress& progress) {
        bar.update(progress.task, progress.items_done, progress.items_total, fresh += work.batch_items);
        if (InterruptWatch::interrupted()) {
            throw engine::EngineError(engine::EngineError::Kind::Stopped,
                                      "interrupted; the scores so far are stored. Run the same command again to "
                                      "continue");
        }
    };
    return scoring::rescore(database, run, scorer, work);
}

std::vector<scoring::RescoredTask> judged(const RescoreOptions& options, const std::string& model_name,
                                          const store::Database& database, const store::RunRow& run) {
    const InterruptWatch watch;
    const safety::judge::Template judge = judge_template(options.judge_template);
    const model::ModelSource source(model_name);
    ProgressBar bar(fmt::format("{} by {}", judge.metric, source.variant()), "answers");
    engine::EngineOptions watched = options.engine;
    watched.before_forward = [&bar](std::uint64_t tokens) {
        bar.beat(fmt::format("{} tokens computed", tokens));
        return !InterruptWatch::interrupted();
    };
    bar.phase("opening the model");
    const auto model = source.open(watched);
    const engine::ChatFormat format =
        engine::choose_chat_format(model->tokenizer(), source.chat_format(options.chat_format), source.variant());
    scoring::JudgeScorer scorer(*model, format, judge);
    return rescored(database, run, scorer, bar);
}

std::vector<scoring::RescoredTask> refusals(const store::Database& database, const store::RunRow& run) {
    const InterruptWatch watch;
    ProgressBar bar("refusals", "answers");
    scoring::RefusalScorer scorer;
    return rescored(database, run, scorer, bar);
}

json to_json(const std::vector<Rescored>& all) {
    json scorers = json::array();
    for (const Rescored& one : all) {
        json tasks = json::array();
        for (const scoring::RescoredTask& task : one.tasks) {
            tasks.push_back({{"task", task.task},
                             {"items", task.items},
                             {"scored", task.scored},
                             {"found", task.found},
                             {"without_value", task.without_value},
                             {"first_reason", task.first_reason},
                             {"has_answers", !task.has_no_answers}});
        }
        scorers.push_back({{"scorer", one.scorer}, {"tasks", tasks}});
    }
    return scorers;
}

void print_done(const Rescored& one) {
    for (const scoring::RescoredTask& task : one.tasks) {
        if (task.has_no_answers) {
            print("{}: {} has no written answers to score\n", one.scorer, task.task);
        } else {
            print("{}: {}: {} items scored, {} had scores\n", one.scorer, task.task, task.scored, task.found);
            if (task.without_value != 0) {
                print("  {} without a value; the first: {}\n", reports::sections::counted(task.without_value, "answer"),
                      task.first_reason);
            }
        }
    }
}

ExitCode rescore_run(const RescoreOptions& options) {
    const std::vector<std::string> names = scorer_names(options.with);
    judge_template(options.judge_template);
    const store::Database database = database_to_change(options.database);
    const store::RunStore runs(database);
    const store::RunRow run = resolve(runs, options.run);
    std::vector<Rescored> all;
    for (const std::string& name : names) {
        all.push_back({name, name == "refusal" ? refusals(database, run)
                                               : judged(options, name.substr(kJudge.size()), database, run)});
    }
    if (options.json) {
        print_json({{"run", run.id}, {"scorers", to_json(all)}});
        return ExitCode::Done;
    }
    for (const Rescored& one : all) print_done(one);
    print("\n");
    print_trusted(reports::formats::render_terminal(results::make_report(runs, {run}, task_catalog()), table_width()));
    return ExitCode::Done;
}

}  // namespace

void add_rescore(Verb& root) {
    Verb& verb = root.verb("rescore", "Score the stored answers of a run with a refusal detector or a judge");
    auto& options = verb.command(rescore_run);
    verb.argument("RUN", text_not_empty(options.run), kRunHelp).required();
    verb.option("--with", "SCORER[,...]", comma_list(options.with),
                "refusal: the refusal detector; judge:MODEL: a model as judge, which is a GGUF file or a demo model")
        .required();
    verb.option("--judge-template", "NAME", text_not_empty(options.judge_template),
                "What the judge is asked: guard (default; is it unsafe?), behaviour (does it do what was asked?), "
                "rubric (safety from 1 to 5), or a .json file of your own");
    chat_format_option(verb, options.chat_format);
    database_option(verb, options.database);
    json_flag(verb, options.json);
    engine_options(verb, options.engine);
    verb.example("bellwether rescore latest --with refusal");
    verb.example("bellwether rescore 3 --with judge:llama-guard.gguf --judge-template guard");
    verb.note(
        "Answers that have this scorer's scores are not scored again; a call that was stopped goes on where it "
        "was. 'show' and 'report' have the scores beside the run's own, and 'show --item' says why.");
}

}  // namespace harness::cli
