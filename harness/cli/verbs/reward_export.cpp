#include <string>

#include <nlohmann/json.hpp>

#include "harness/base/output_file.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/reward_models.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/scoring/reward_model.hpp"

namespace harness::cli {
namespace {

struct RewardExportOptions {
    std::string name;
    std::string out;
    std::string database;
    bool json = false;
};

ExitCode export_model(const RewardExportOptions& options) {
    base::OutputFile out(options.out);
    const store::Database database = database_to_read(options.database);
    out.write(scoring::reward_file(resolve_reward_model(store::RewardStore(database), options.name)));
    out.finish();
    if (options.json) print_json({{"name", options.name}, {"out", options.out}});
    return ExitCode::Done;
}

}  // namespace

void add_reward_export(Verb& reward) {
    Verb& verb = reward.verb("export", "Write a reward model to a file that another machine imports");
    auto& options = verb.command(export_model);
    verb.argument("NAME", text_not_empty(options.name), kRewardNameHelp).required();
    verb.option("--out", "FILE", text_not_empty(options.out), "JSON file to write").required();
    database_option(verb, options.database);
    json_flag(verb, options.json);
    verb.example("bellwether reward export harmless --out harmless.json");
}

}  // namespace harness::cli
