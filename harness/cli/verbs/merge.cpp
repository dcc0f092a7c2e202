#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "harness/base/usage_error.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/run/merge.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;

struct MergeOptions {
    std::string out;
    std::vector<std::string> stores;
    std::string plan;  ///< start of the plan hash of the only run to merge; empty: all runs
    bool allow_missing = false;
    bool json = false;
};

ExitCode merge(const MergeOptions& options) {
    std::vector<run::MergedRun> merged;
    try {
        merged =
            run::merge(options.out, options.stores,
                       options.allow_missing ? run::MissingItems::Allowed : run::MissingItems::Refused, options.plan);
    } catch (const run::MergeError& error) {
        throw base::UsageError(fmt::format("{}. Nothing was written", error.what()));
    }
    json rows = json::array();
    for (const run::MergedRun& run : merged) {
        rows.push_back({{"run", run.run},
                        {"model", run.variant},
                        {"items", run.items},
                        {"missing_items", run.missing_items},
                        {"database", options.out}});
        if (!options.json) {
            print("{}: run {}: {}, {} items{}\n", options.out, run.run, run.variant, run.items,
                  run.missing_items == 0 ? "" : fmt::format(", {} are missing", run.missing_items));
        }
    }
    if (options.json) print_json(rows);
    return ExitCode::Done;
}

}  // namespace

void add_merge(Verb& root) {
    Verb& verb = root.verb("merge", "Merge the databases of a run's shards into one database of complete runs");
    auto& options = verb.command(merge);
    verb.argument("OUT", text_not_empty(options.out), "Database to make").required();
    verb.arguments("SHARD", texts(options.stores), "Databases that 'run --shard' made").required();
    verb.option("--plan", "HASH", text_not_empty(options.plan),
                "Only the run whose plan hash starts with this ('runs' shows it; default: all runs)")
        .of_its_verb();
    verb.flag("--allow-missing", truth(options.allow_missing),
              "Merge although items are missing; 'run' on the merged database computes them");
    json_flag(verb, options.json);
    verb.example("bellwether merge whole.sqlite shard1.sqlite shard2.sqlite");
}

}  // namespace harness::cli
