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

/// The settings that distinguish a run from others of its model; empty if there are none.
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

/// "2026-01-31 12:00:00" for "2026-01-31T12:00:00Z".
std::string moment(std::string stored) {
    if (stored.ends_with('Z')) stored.pop_back();
    if (const std::size_t at = stored.find('T'); at != std::string::npos) stored[at] = ' ';
    return stored;
}

reports::sections::Table table_of_runs(const store::RunStore& runs) {
    constexpr std::size_t kHashShown = 12;
    const Distinguishing settings = results::distinguishing_settings(runs);
    auto table = table_of({{"run", Column::Key},
                           {"plan", Column::Key},
                           {"model", Column::Text},
                           {"created (UTC)", Column::Text},
                           {"finished (UTC)", Column::Text},
                           {"tasks", Column::Text}});
    if (!settings.empty()) {
        table.titles.emplace_back("settings that differ");
        table.columns.push_back(Column::Text);
    }
    const TasksOfGroups builtin = builtin_groups();
    for (const store::RunRow& run : runs.runs()) {
        const TasksOfGroups own = groups_of(runs, run);
        table.rows.push_back({std::to_string(run.id), run.plan_hash.substr(0, kHashShown), run.variant,
                              moment(run.created), run.finished.empty() ? "unfinished" : moment(run.finished),
                              in_few_words(task_names(runs, run), own.empty() ? builtin : own)});
        if (!settings.empty()) table.rows.back().push_back(told_apart(settings, run));
    }
    return table;
}

ExitCode list_runs(const RunsOptions& options) {
    const store::Database database = database_to_read(options.database);
    const store::RunStore runs(database);
    if (options.json) {
        print_json(to_json(runs));
        return ExitCode::Done;
    }
    print_table(table_of_runs(runs));
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
