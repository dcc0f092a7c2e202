#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "harness/base/usage_error.hpp"
#include "harness/cli/agreement_print.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/scorers.hpp"
#include "harness/cli/stopped.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/cli/table_print.hpp"
#include "harness/cli/task_catalog.hpp"
#include "harness/cli/task_names.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/results/report.hpp"
#include "harness/scoring/rescore.hpp"
#include "reports/formats/render.hpp"
#include "reports/sections/cells.hpp"
#include "suites/suggestion.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;

constexpr const char* kScoresAreStored = "the scores so far are stored. Run the same command again to continue";

struct RescoreOptions {
    std::string run;
    std::string with;
    std::vector<std::string> tasks;
    ScorerOptions scorers;
    std::string database;
    bool json = false;
};

/// What one scorer did.
struct Rescored {
    std::string scorer;  ///< as on the command line
    std::vector<scoring::RescoredTask> tasks;
    std::string trust = {};  ///< why its scores are not to be trusted yet; empty: nothing is known against them
};

Rescored rescored(const std::string& name, const RescoreOptions& options, const store::Database& database,
                  const store::RunRow& run) {
    Rescored done{.scorer = name, .tasks = {}, .trust = trust_of(name, database)};
    const auto work = [&](scoring::Scorer& scorer, ProgressBar& bar) {
        std::uint64_t fresh = 0;
        scoring::RescoreWork batches{.tasks = options.tasks};
        batches.on_progress = [&](const scoring::RescoreProgress& progress) {
            bar.update(progress.task, progress.items_done, progress.items_total, fresh += batches.batch_items);
            stop_if_interrupted(kScoresAreStored);
        };
        done.tasks = stoppable(kScoresAreStored, [&] { return scoring::rescore(database, run, scorer, batches); });
    };
    with_scorer(
        name, options.scorers, [&]() -> const store::Database& { return database; }, work);
    return done;
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
                             {"left_out", task.left_out.empty() ? json(nullptr) : json(task.left_out)}});
        }
        scorers.push_back({{"scorer", one.scorer}, {"tasks", tasks}, {"trust", one.trust}});
    }
    return scorers;
}

void print_done(const Rescored& one) {
    if (!one.trust.empty()) print_paragraph(one.trust);
    for (const scoring::RescoredTask& task : one.tasks) {
        if (!task.left_out.empty()) continue;
        print("{}: {}: {} items scored, {} had scores\n", one.scorer, task.task, task.scored, task.found);
        if (task.without_value != 0) {
            print("  {} without a value; the first: {}\n", reports::sections::counted(task.without_value, "answer"),
                  task.first_reason);
        }
    }
}

/// What no scorer is asked about: one line a reason, with its tasks.
std::vector<std::string> left_out_lines(const std::vector<scoring::RescoredTask>& tasks, const TasksOfGroups& groups) {
    std::map<std::string, std::vector<std::string>> by_reason;
    for (const scoring::RescoredTask& task : tasks) {
        if (!task.left_out.empty() && task.left_out != scoring::kNotAskedFor)
            by_reason[task.left_out].push_back(task.task);
    }
    std::vector<std::string> lines;
    lines.reserve(by_reason.size());
    for (const auto& [reason, names] : by_reason)
        lines.push_back(fmt::format("{} ({})", in_few_words(names, groups), reason));
    return lines;
}

/// Before a model is opened: throws UsageError for a task that the run does not have, and where nothing would be
/// scored.
void check_tasks(const RescoreOptions& options, const store::RunStore& runs, const store::RunRow& run) {
    const std::vector<scoring::RescoredTask> plan = scoring::planned_rescore(runs, run, options.tasks);
    std::set<std::string> names;
    for (const scoring::RescoredTask& task : plan) names.insert(task.task);
    for (const std::string& asked : options.tasks) {
        if (!names.contains(asked))
            throw base::UsageError(
                fmt::format("--task: run {} has no task '{}'{}", run.id, asked, suites::suggestion(asked, names)));
    }
    const auto is_scored = [](const scoring::RescoredTask& task) { return task.left_out.empty(); };
    if (std::any_of(plan.begin(), plan.end(), is_scored)) return;
    throw base::UsageError(
        fmt::format("run {} has nothing to score: {}; --task NAME scores the written answers of any task", run.id,
                    fmt::join(left_out_lines(plan, groups_of(runs, run)), ", ")));
}

ExitCode rescore_run(const RescoreOptions& options) {
    const std::vector<std::string> names = scorer_names(options.with);
    check_template(options.scorers);
    const store::Database database = database_to_change(options.database);
    const store::RunStore runs(database);
    const store::RunRow run = resolve(runs, options.run);
    check_tasks(options, runs, run);
    std::vector<Rescored> all;
    all.reserve(names.size());
    for (const std::string& name : names) all.push_back(rescored(name, options, database, run));
    if (options.json) {
        print_json({{"run", run.id}, {"scorers", to_json(all)}});
        return ExitCode::Done;
    }
    for (const Rescored& one : all) print_done(one);
    for (const std::string& line : left_out_lines(all.front().tasks, groups_of(runs, run)))
        print("left out: {}\n", line);
    print("\n");
    print_trusted(reports::formats::render_terminal(results::make_report(runs, {run}, task_catalog()), table_width()));
    print_agreement(database, run.id);
    return ExitCode::Done;
}

}  // namespace

void add_rescore(Verb& root) {
    Verb& verb = root.verb("rescore", "Score the stored answers of a run: refusals, a judge, a reward model");
    auto& options = verb.command(rescore_run);
    verb.argument("RUN", text_not_empty(options.run), kRunHelp).required();
    verb.option("--with", "SCORER[,...]", comma_list(options.with), kScorerHelp).required();
    verb.option("--task", "NAME", texts(options.tasks),
                "A task of the run whose written answers are scored; may be given several times (default: every task "
                "of conversations or open requests; none with reference answers, such as sums)")
        .of_its_verb()
        .arity = Arity::Repeated;
    database_option(verb, options.database);
    json_flag(verb, options.json);
    scorer_options(verb, options.scorers);
    verb.example("bellwether rescore latest --with refusal");
    verb.example("bellwether rescore 3 --with judge:llama-guard.gguf --judge-template guard");
    verb.note(
        "Answers that have this scorer's scores are not scored again; a call that was stopped goes on where it "
        "was. 'show' and 'report' have the scores beside the run's own, and 'show --item' says why.");
}

}  // namespace harness::cli
