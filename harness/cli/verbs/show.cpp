#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string>

#include "harness/base/usage_error.hpp"
#include "harness/cli/agreement_print.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/licence_notice.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/show_item.hpp"
#include "harness/cli/show_plan.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/cli/task_catalog.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/results/report.hpp"
#include "harness/store/run_store.hpp"
#include "reports/formats/render.hpp"

namespace harness::cli {
namespace {

struct ShowOptions {
    std::string run;
    std::string database;
    std::string task;
    std::optional<std::uint64_t> item;
    bool plan = false;
    std::string against;  ///< model of the published numbers; empty: none
    results::LicenceNotice notice = results::LicenceNotice::Shown;
    bool json = false;
};

ExitCode show(const ShowOptions& options) {
    const store::Database database = database_to_read(options.database);
    const store::RunStore runs(database);
    const store::RunRow run = resolve(runs, options.run);
    if (options.item) return show_item(runs, run, {.task = options.task, .doc = *options.item, .json = options.json});
    if (options.plan) {
        show_plan(runs, run, options.json ? PlanFormat::Json : PlanFormat::Text);
        return ExitCode::Done;
    }
    if (!options.task.empty()) throw base::UsageError("--task goes with --item");
    const reports::data::Report report =
        results::make_report(runs, {run}, task_catalog(), {.against = options.against, .notice = options.notice});
    print_trusted(options.json ? reports::formats::render_run_json(report) + "\n"
                               : reports::formats::render_terminal(report, table_width()));
    if (!options.json && !report.safety) print_agreement(database, run.id);  // the safety section says it too
    return ExitCode::Done;
}

}  // namespace

void add_show(Verb& root) {
    Verb& verb = root.verb("show", "Scores of a run, its plan, or everything about one item");
    auto& options = verb.command(show);
    verb.argument("RUN", text_not_empty(options.run), kRunHelp).required();
    database_option(verb, options.database);
    Option& item = verb.option("--item", "N", whole_number(options.item), "Everything about document N").of_its_verb();
    verb.option("--task", "NAME", text_not_empty(options.task), "Task of the item (default: every task of the run)")
        .of_its_verb();
    verb.flag("--plan", truth(options.plan), "What was asked: model, device, settings, tasks and groups")
        .of_its_verb()
        .excludes(item);
    against_option(verb, options.against);
    json_flag(verb, options.json);
    licence_notice_option(verb, options.notice);
    verb.example("bellwether show latest");
    verb.example("bellwether show 1 --plan");
    verb.example("bellwether show 2 --item 3 --task arc_easy");
}

}  // namespace harness::cli
