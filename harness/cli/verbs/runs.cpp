#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>

#include "harness/cli/common_options.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/cli/text.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/store/run_store.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;

struct RunsOptions {
    std::string database;
    bool json = false;
};

ExitCode list_runs(const RunsOptions& options) {
    const store::RunStore runs = existing_store(options.database);
    if (options.json) {
        json rows = json::array();
        for (const store::RunRow& run : runs.runs()) {
            rows.push_back({{"run", run.id},
                            {"plan", run.plan_hash},
                            {"model", run.variant},
                            {"fingerprint", run.model_fingerprint},
                            {"created", run.created},
                            {"finished", run.finished}});
        }
        fmt::print("{}\n", to_line(rows));
        return ExitCode::Done;
    }
    fmt::print("{:>4}  {:<12}  {:<20}  {:<20}  {:<20}  {}\n", "run", "plan", "model", "created", "finished", "tasks");
    for (const store::RunRow& run : runs.runs()) {
        std::string tasks;
        for (const store::RunTaskRow& task : runs.tasks(run.id)) tasks += (tasks.empty() ? "" : ",") + task.task;
        fmt::print("{:>4}  {:<12}  {:<20}  {:<20}  {:<20}  {}\n", run.id, run.plan_hash.substr(0, 12),
                   printable(run.variant), run.created, run.finished.empty() ? "unfinished" : run.finished, tasks);
    }
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
