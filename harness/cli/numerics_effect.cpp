#include "harness/cli/numerics_effect.hpp"
#include "harness/store/database.hpp"

#include <fmt/format.h>

#include <cmath>

#include "harness/base/usage_error.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/run_model.hpp"
#include "harness/cli/table_print.hpp"
#include "harness/cli/task_catalog.hpp"
#include "harness/cli/terminal.hpp"
#include "harness/results/item_differences.hpp"
#include "harness/results/run_view.hpp"
#include "reports/formats/render.hpp"

namespace harness::cli {
namespace {

using reports::data::TaskDifference;

std::string in_words(const TaskDifference& task) {
    constexpr std::size_t kShown = 12;
    std::vector<std::uint64_t> documents = task.changed_verdicts();
    const std::size_t count = documents.size();
    documents.resize(std::min(count, kShown));
    std::string text = fmt::format("{}: {} of {} items have another verdict", task.task, count, task.compared);
    if (count != 0) text += fmt::format(" (documents {}{})", fmt::join(documents, ", "), count > kShown ? ", ..." : "");
    if (task.outputs() != 0) text += fmt::format(", {} another output", task.outputs());
    if (task.scored != 0) {
        text += fmt::format("; the log-probabilities of {} continuations are {:.2g} apart on average, {:.2g} at most",
                            task.scored, task.mean_logprob, task.largest_logprob);
    }
    return text;
}

}  // namespace

ExitCode print_numerics_effect(const NumericsEffectOptions& options) {
    const suites::Catalog catalog = task_catalog();
    const std::vector<suites::Task> tasks = catalog.select(options.tasks);
    for (const suites::Task& task : tasks) {
        if (task.runs_programs())
            throw base::UsageError(task.name() + " runs programs; 'run' it in both numerics, then 'compare' the runs");
    }
    const model::ModelSource source(options.model);
    const store::Database database = store::Database::temporary();
    store::RunStore runs(database);
    std::vector<store::RunRow> made;
    std::vector<reports::data::RunView> views;
    for (const engine::Numerics numerics : {engine::Numerics::Exact, engine::Numerics::Fast}) {
        engine::EngineOptions engine = options.engine;
        engine.numerics = numerics;
        const run::Outcome outcome = run_model(source, {.tasks = tasks, .options = options.run, .engine = engine},
                                               [&runs]() -> store::RunStore& { return runs; });
        made.push_back(runs.find_run(std::to_string(outcome.run)));
        views.push_back(results::run_view(runs, made.back(), catalog));
        views.back().variant += numerics == engine::Numerics::Exact ? ", exact" : ", fast";
    }
    reports::data::Report report{.runs = std::move(views)};
    // Infinite tolerance: log-probabilities always differ, and only their distance is of interest.
    report.items = results::item_differences(runs, made[0], made[1], INFINITY);
    if (options.json) {
        print_json_text(reports::formats::render_json(report));
        return ExitCode::Done;
    }
    print_trusted(reports::formats::render_terminal(report, table_width()) + "\n");
    for (const TaskDifference& task : report.items->tasks) print_paragraph(in_words(task));
    return ExitCode::Done;
}

}  // namespace harness::cli
