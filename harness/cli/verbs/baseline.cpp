#include <fmt/format.h>

#include <string>
#include <vector>

#include "harness/base/output_file.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/gate_inputs.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/results/baseline.hpp"
#include "harness/store/run_store.hpp"

namespace harness::cli {
namespace {

struct BaselineOptions {
    std::vector<std::string> runs;
    std::string database;
    std::string out;
};

ExitCode baseline(const BaselineOptions& options) {
    base::OutputFile out(options.out);
    {
        const store::Database database = database_to_read(options.database);
        const store::RunStore runs(database);
        for (const std::string& reference : options.runs) {
            const store::RunRow run = resolve(runs, reference);
            if (run.finished.empty())
                throw base::UsageError(fmt::format(
                    "run {} is unfinished, so it is no baseline; finish it with the same 'run' command", run.id));
        }
    }
    out.write(results::baseline_text(*gate_run(options.database, options.runs)));
    out.finish();
    if (options.out != "-") print("{}\n", options.out);
    return ExitCode::Done;
}

}  // namespace

void add_baseline(Verb& root) {
    Verb& verb = root.verb("baseline", "A run's scores as a file for version control, for later gates");
    auto& options = verb.command(baseline);
    verb.arguments("RUN", texts(options.runs),
                   "Run: its number, the start of its plan hash, or 'latest'. Several: repeats of one run with other "
                   "seeds, of which an item's mean counts")
        .required();
    verb.option("--out", "FILE", text_not_empty(options.out), "JSON file, '-' for standard output").required();
    database_option(verb, options.database);
    verb.example("bellwether baseline latest --out baseline.json");
}

}  // namespace harness::cli
