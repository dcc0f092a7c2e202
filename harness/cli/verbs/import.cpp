#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/base/usage_error.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/cli/table_print.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/interchange/lm_eval_import.hpp"
#include "harness/store/run_store.hpp"

namespace harness::cli {
namespace {

struct ImportOptions {
    std::vector<std::string> files;
    std::string format = "lm-eval";
    std::string model;
    std::string profile;
    std::string database;
    bool json = false;
};

interchange::ImportedRun read_import(const ImportOptions& options) {
    try {
        return interchange::read_lm_eval({.files = options.files, .model = options.model, .profile = options.profile});
    } catch (const interchange::InterchangeError& error) {
        throw base::UsageError(error.what());
    }
}

ExitCode import_logs(const ImportOptions& options) {
    for (const std::string& file : options.files) {
        if (!std::filesystem::is_regular_file(file)) throw base::UsageError(file + ": no such file");
    }
    const interchange::ImportedRun imported = read_import(options);
    const store::Database database = database_to_write(options.database);
    store::RunStore runs(database);
    const std::vector<store::RunRow> before = runs.runs();
    const store::RunRow run = runs.import_run(imported.model, imported.plan, imported.tasks);
    const bool was_there =
        std::any_of(before.begin(), before.end(), [&run](const store::RunRow& row) { return row.id == run.id; });
    if (options.json) {
        print_json({{"run", run.id},
                    {"model", run.variant},
                    {"fingerprint", run.model_fingerprint},
                    {"tasks", imported.tasks.size()},
                    {"items", imported.items},
                    {"was_there", was_there},
                    {"database", options.database}});
    } else {
        print_paragraph(fmt::format("Run {}: {}, items: {}, tasks: {}{}", run.id, run.variant, imported.items,
                                    imported.tasks.size(), was_there ? "; it was there already" : ""));
    }
    return ExitCode::Done;
}

}  // namespace

void add_import(Verb& root) {
    Verb& verb = root.verb("import", "Sample logs of another harness, as a run");
    auto& options = verb.command(import_logs);
    verb.arguments("FILE", texts(options.files), "Logs of one model: samples_TASK_DATE.jsonl, also .gz").required();
    verb.option("--format", "NAME", word_of(options.format, {"lm-eval"}),
                "lm-eval (default): lm-evaluation-harness with --log_samples")
        .of_its_verb();
    verb.option("--model", "NAME", any_text(options.model),
                "Name to list the run under (default: the one in results_DATE.json beside the log)")
        .of_its_verb();
    verb.option("--profile", "NAME", any_text(options.profile),
                "Profile of the tasks (default: the one in results_DATE.json, else lmeval)");
    database_option(verb, options.database);
    json_flag(verb, options.json);
    verb.example("bellwether import samples_*.jsonl");
}

}  // namespace harness::cli
