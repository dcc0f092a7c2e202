#include <fmt/format.h>

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
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
#include "harness/cli/reward_models.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/cli/table_print.hpp"
#include "harness/cli/task_catalog.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/model/model_source.hpp"
#include "harness/results/report.hpp"
#include "harness/scoring/judge_scorer.hpp"
#include "harness/scoring/refusal_scorer.hpp"
#include "harness/scoring/rescore.hpp"
#include "harness/scoring/reward_model.hpp"
#include "harness/scoring/reward_scorer.hpp"
#include "harness/store/hidden_state_store.hpp"
#include "harness/store/reward_store.hpp"
#include "reports/formats/render.hpp"
#include "reports/sections/cells.hpp"
#include "safety/error.hpp"
#include "suites/text.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;

constexpr std::string_view kJudge = "judge:";
constexpr std::string_view kReward = "reward:";

struct RescoreOptions {
    std::string run;
    std::string with;
    std::string judge_template = "guard";
    std::string backbone;  ///< empty: the model that the reward model was trained with
    std::string chat_format;
    std::string database;
    engine::EngineOptions engine;
    bool json = false;
};

/// What one scorer did.
struct Rescored {
    std::string scorer;  ///< as on the command line
    std::vector<scoring::RescoredTask> tasks;
    std::string trust = {};  ///< why its scores are not to be trusted yet; empty: nothing is known against them
};

std::vector<std::string> scorer_names(const std::string& list) {
    std::vector<std::string> names = suites::split_at_commas(list);
    for (const std::string& name : names) {
        const auto is_of = [&name](std::string_view kind) {
            return name.starts_with(kind) && name.size() > kind.size();
        };
        if (name != "refusal" && !is_of(kJudge) && !is_of(kReward)) {
            throw base::UsageError(fmt::format(
                "--with: '{}' is no scorer; the scorers are 'refusal', 'judge:MODEL' and 'reward:NAME'", name));
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

/// The run that is scored, and where it is.
struct Stored {
    const store::Database& database;
    const store::RunRow& run;
};

std::vector<scoring::RescoredTask> rescored(const Stored& stored, scoring::Scorer& scorer, ProgressBar& bar) {
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
    return scoring::rescore(stored.database, stored.run, scorer, work);
}

using MakeScorer = std::function<std::unique_ptr<scoring::Scorer>(engine::LanguageModel&)>;

/// `source` is opened for the scorer; `title` is what the progress bar says.
std::vector<scoring::RescoredTask> rescored_by(const model::ModelSource& source, const std::string& title,
                                               const engine::EngineOptions& engine, const Stored& stored,
                                               const MakeScorer& make) {
    const InterruptWatch watch;
    ProgressBar bar(title, "answers");
    bar.phase("opening the model");
    const auto model = source.open(interruptible(engine, bar));
    return rescored(stored, *make(*model), bar);
}

std::vector<scoring::RescoredTask> judged(const RescoreOptions& options, const safety::judge::Template& judge,
                                          const std::string& model_name, const Stored& stored) {
    const model::ModelSource source(model_name);
    return rescored_by(source, fmt::format("{} by {}", judge.metric, source.variant()), options.engine, stored,
                       [&](engine::LanguageModel& model) {
                           const engine::ChatFormat format = engine::choose_chat_format(
                               model.tokenizer(), source.chat_format(options.chat_format), source.variant());
                           return std::make_unique<scoring::JudgeScorer>(model, format, judge);
                       });
}

std::string trust_of(const store::RewardModelRow& row) {
    const std::optional<bool> beats = beats_baselines(row);
    if (!beats) {
        return fmt::format("{} was not evaluated: 'bellwether reward eval {} --pairs FILE' says how far to trust it",
                           row.name, row.name);
    }
    if (*beats) return "";
    return row.name + " does not beat the best baseline: its rewards are no evidence ('bellwether reward list')";
}

Rescored rewarded(const RescoreOptions& options, const std::string& scorer, const Stored& stored) {
    const std::string name = scorer.substr(kReward.size());
    const store::RewardModelRow row = resolve_reward_model(store::RewardStore(stored.database), name);
    const scoring::RewardModel reward = scoring::reward_model(row);
    const model::ModelSource source(backbone_of(reward, options.backbone));
    store::HiddenStateStore cache(stored.database);
    const MakeScorer make = [&](engine::LanguageModel& model) {
        return std::make_unique<scoring::RewardScorer>(model, reward, &cache);
    };
    return {scorer, rescored_by(source, "reward by " + name, options.engine, stored, make), trust_of(row)};
}

std::vector<scoring::RescoredTask> refusals(const Stored& stored) {
    const InterruptWatch watch;
    ProgressBar bar("refusals", "answers");
    scoring::RefusalScorer scorer;
    return rescored(stored, scorer, bar);
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
        scorers.push_back({{"scorer", one.scorer}, {"tasks", tasks}, {"trust", one.trust}});
    }
    return scorers;
}

void print_done(const Rescored& one) {
    if (!one.trust.empty()) print_paragraph(one.trust);
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
    const safety::judge::Template judge = judge_template(options.judge_template);
    const store::Database database = database_to_change(options.database);
    const store::RunStore runs(database);
    const store::RunRow run = resolve(runs, options.run);
    const Stored stored{database, run};
    std::vector<Rescored> all;
    for (const std::string& name : names) {
        if (name.starts_with(kJudge)) {
            all.push_back({name, judged(options, judge, name.substr(kJudge.size()), stored)});
        } else if (name.starts_with(kReward)) {
            all.push_back(rewarded(options, name, stored));
        } else {
            all.push_back({name, refusals(stored)});
        }
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
    Verb& verb = root.verb("rescore", "Score the stored answers of a run: refusals, a judge, a reward model");
    auto& options = verb.command(rescore_run);
    verb.argument("RUN", text_not_empty(options.run), kRunHelp).required();
    verb.option("--with", "SCORER[,...]", comma_list(options.with),
                "refusal: the refusal detector; judge:MODEL: a model as judge, which is a GGUF file or a demo model; "
                "reward:NAME: a reward model of this database")
        .required();
    verb.option("--judge-template", "NAME", text_not_empty(options.judge_template),
                "What the judge is asked: guard (default; is it unsafe?), behaviour (does it do what was asked?), "
                "rubric (safety from 1 to 5), or a .json file of your own");
    verb.option("--backbone", "MODEL", text_not_empty(options.backbone),
                "Backbone of the reward model (default: the MODEL that it was trained with)")
        .of_its_verb();
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
