#include "harness/cli/run_model.hpp"

#include <fmt/format.h>

#include "harness/cli/interrupt.hpp"
#include "harness/cli/progress.hpp"
#include "harness/run/code_grader.hpp"

namespace harness::cli {

run::Outcome run_model(const model::ModelSource& source, const ModelRun& asked, const OpenRuns& runs) {
    const InterruptWatch watch;
    ProgressBar bar(source.variant());
    if (asked.code != nullptr) asked.code->keep_on_while([] { return !InterruptWatch::interrupted(); });
    bar.phase("opening the model");
    const auto model = source.open(interruptible(asked.engine, bar));
    run::RunOptions used = asked.options;
    if (run::uses_chat(asked.tasks, used)) {
        used.chat_format = source.chat_format(model->tokenizer(), asked.chat_format);
    }
    run::Progress last;
    try {
        bar.phase("rendering the prompts");
        run::Plan plan = run::make_plan(model->card(), source.variant(), asked.tasks, used);
        plan.groups = asked.groups;
        bar.phase("first batch");
        run::Work work{.shard = asked.shard};
        work.on_progress = [&](const run::Progress& progress) {
            last = progress;
            bar.update(progress.task, progress.items_done, progress.items_total, progress.items_new);
        };
        const run::Workers workers{*model, asked.code};
        return asked.execute ? asked.execute(plan, workers, runs, work) : run::execute(plan, workers, runs(), work);
    } catch (const engine::EngineError& error) {
        if (error.kind() != engine::EngineError::Kind::Stopped) throw;
        throw engine::EngineError(
            engine::EngineError::Kind::Stopped,
            fmt::format(
                "{}: interrupted; {} items that this command answered are stored. Run the same command again to "
                "continue",
                source.variant(), last.items_new));
    }
}

}  // namespace harness::cli
