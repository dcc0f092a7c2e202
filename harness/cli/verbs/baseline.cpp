#include <string>

#include "harness/base/output_file.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/cli/task_catalog.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/results/baseline.hpp"
#include "harness/store/run_store.hpp"

namespace harness::cli {
namespace {

struct BaselineOptions {
    std::string run;
    std::string database;
    std::string out;
};

ExitCode baseline(const BaselineOptions& options) {
    base::OutputFile out(options.out);
    const store::Database database = database_to_read(options.database);
    const store::RunStore runs(database);
    const store::RunRow run = resolve(runs, options.run);
    if (run.finished.empty())
        throw base::UsageError(
            fmt::format("run {} is unfinished, so it is no baseline; finish it with the same 'run' command", run.id));
    out.write(results::baseline_text(results::gate_view(runs, run, task_catalog())));
    out.finish();
    if (options.out != "-") print("{}\n", options.out);
    return ExitCode::Done;
}

}  // namespace

void add_baseline(Verb& root) {
    Verb& verb = root.verb("baseline", "A run's scores as a file for version control, for later gates");
    auto& options = verb.command(baseline);
    verb.argument("RUN", text_not_empty(options.run), kRunHelp).required();
    verb.option("--out", "FILE", text_not_empty(options.out), "JSON file, '-' for standard output").required();
    database_option(verb, options.database);
    verb.example("bellwether baseline latest --out baseline.json");
}

}  // namespace harness::cli
