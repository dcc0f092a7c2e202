#include <fmt/format.h>

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "harness/cli/common_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/cli/table_print.hpp"
#include "harness/cli/task_names.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/results/distinguishing.hpp"
#include "harness/store/run_store.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;
using reports::sections::Column;
using Distinguishing = std::map<std::int64_t, std::string>;

struct RunsOptions {
    std::string database;
    bool json = false;
};

std::vector<std::string> task_names(const store::RunStore& runs, const store::RunRow& run) {
    std::vector<std::string> names;
    for (const store::RunTaskRow& task : runs.tasks(run.id)) names.push_back(task.task);
    return names;
}

/// What tells a run apart from others of its model; empty where nothing has to.
std::string told_apart(const Distinguishing& settings, const store::RunRow& run) {
    const auto found = settings.find(run.id);
    return found == settings.end() ? "" : found->second;
}

json to_json(const store::RunStore& runs) {
    json rows = json::array();
    const Distinguishing settings = results::distinguishing_settings(runs);
    for (const store::RunRow& run : runs.runs()) {
        rows.push_back({{"run", run.id},
                        {"plan", run.plan_hash},
                        {"model", run.variant},
                        {"fingerprint", run.model_fingerprint},
                        {"created", run.created},
                        {"finished", run.finished},
                        {"tasks", task_names(runs, run)},
                        {"settings_that_differ", told_apart(settings, run)}});
    }
    return rows;
}

ExitCode list_runs(const RunsOptions& options) {
    const store::Database database = database_to_read(options.database);
    const store::RunStore runs(database);
    if (options.json) {
        print_json(to_json(runs));
        return ExitCode::Done;
    }
    constexpr std::size_t kHashShown = 12;
    auto table = table_of({{"run", Column::Number},
                           {"plan", Column::Key},
                           {"model", Column::Text},
                           {"created", Column::Key},
                           {"finished", Column::Key},
                           {"tasks", Column::Text},
                           {"settings that differ", Column::Text}});
    const Distinguishing settings = results::distinguishing_settings(runs);
    const TasksOfGroups builtin = builtin_groups();
    for (const store::RunRow& run : runs.runs()) {
        const TasksOfGroups own = groups_of(runs, run);
        table.rows.push_back({std::to_string(run.id), run.plan_hash.substr(0, kHashShown), run.variant, run.created,
                              run.finished.empty() ? "unfinished" : run.finished,
                              in_few_words(task_names(runs, run), own.empty() ? builtin : own),
                              told_apart(settings, run)});
    }
    print_table(table);
    return ExitCode::Done;
}

}  // namespace

void add_runs(Verb& root) {
    Verb& verb = root.verb("runs", "All runs in the database");
    auto& options = verb.command(list_runs);
    database_option(verb, options.database);
    json_flag(verb, options.json);
    verb.example("bellwether runs --db results.sqlite");
}

}  // namespace harness::cli
