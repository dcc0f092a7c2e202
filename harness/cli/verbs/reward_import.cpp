#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>

#include "harness/base/read_file.hpp"
#include "harness/base/usage_error.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/reward_models.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/cli/table_print.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/scoring/reward_model.hpp"

namespace harness::cli {
namespace {

struct RewardImportOptions {
    std::string file;
    std::string name;  ///< empty: that of the file
    std::string database;
    bool json = false;
};

ExitCode import_model(const RewardImportOptions& options) {
    store::RewardModelRow row = scoring::reward_from_file(base::read_file(options.file), options.file);
    if (!options.name.empty()) row.name = options.name;
    const store::Database database = database_to_write(options.database);
    store::RewardStore rewards(database);
    const auto there = rewards.find(row.name);
    if (there && there->head_json != row.head_json)
        throw base::UsageError(
            fmt::format("{}: there is another reward model '{}' already; --name gives this one "
                        "another name",
                        options.database, row.name));
    if (!there) rewards.add(row);
    if (options.json) {
        print_json({{"name", row.name}, {"backbone", row.backbone}, {"was_there", there.has_value()}});
    } else {
        print_paragraph(
            fmt::format("{}: a head for {}{}", row.name, row.backbone, there ? "; it was there already" : ""));
    }
    return ExitCode::Done;
}

}  // namespace

void add_reward_import(Verb& reward) {
    Verb& verb = reward.verb("import", "Add a reward model that 'reward export' wrote");
    auto& options = verb.command(import_model);
    verb.argument("FILE", text_not_empty(options.file), "File of 'bellwether reward export'").required();
    verb.option("--name", "NAME", any_text(options.name), "Name in this database (default: that of the file)")
        .of_its_verb();
    database_option(verb, options.database);
    json_flag(verb, options.json);
    verb.example("bellwether reward import harmless.json");
}

}  // namespace harness::cli
