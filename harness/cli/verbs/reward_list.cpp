#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/json.hpp"
#include "harness/cli/common_options.hpp"
#include "harness/cli/print.hpp"
#include "harness/cli/reward_models.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/cli/table_print.hpp"
#include "harness/cli/verbs/verbs.hpp"
#include "harness/results/scorer_trust.hpp"

namespace harness::cli {
namespace {

using nlohmann::json;
using reports::sections::Column;
using reports::sections::Table;

struct RewardListOptions {
    std::string database;
    bool json = false;
};

json to_json(const store::RewardModelRow& row) {
    return {{"name", row.name},
            {"created", row.created},
            {"backbone", row.backbone},
            {"fingerprint", row.fingerprint},
            {"data_hash", row.data_hash},
            {"settings", base::json_or_null(row.settings_json)},
            {"metrics", base::json_or_null(row.metrics_json)}};
}

/// A number of a file that may hold anything.
std::string percent_at(const json& metrics, const char* path) {
    const json::json_pointer place(path);
    return metrics.contains(place) && metrics[place].is_number() ? percent(metrics[place].get<double>()) : "";
}

std::string verdict_of(const store::RewardModelRow& row) {
    const std::optional<bool> beats = results::beats_baselines(row);
    if (!beats) return "not evaluated";
    return *beats ? "yes" : "no";
}

std::string setting(const json& settings, const char* name) {
    const json value = settings.is_object() ? settings.value(name, json()) : json();
    if (value.is_string()) return value.get<std::string>();
    return value.is_number() ? value.dump() : "";
}

ExitCode list(const RewardListOptions& options) {
    const store::Database database = database_to_read(options.database);
    const std::vector<store::RewardModelRow> rows = store::RewardStore(database).models();
    if (options.json) {
        json models = json::array();
        for (const store::RewardModelRow& row : rows) models.push_back(to_json(row));
        print_json(models);
        return ExitCode::Done;
    }
    if (rows.empty()) {
        print_paragraph("No reward models; 'bellwether reward train' makes one");
        return ExitCode::Done;
    }
    Table table = table_of({{"name", Column::Key},
                            {"backbone", Column::Text},
                            {"layer", Column::Number},
                            {"pooling", Column::Text},
                            {"accuracy", Column::Number},
                            {"best baseline", Column::Number},
                            {"beats it", Column::Text},
                            {"trained", Column::Text}});
    for (const store::RewardModelRow& row : rows) {
        const json settings = base::json_or_null(row.settings_json);
        const json metrics = base::json_or_null(row.metrics_json);
        table.rows.push_back({row.name, row.backbone, setting(settings, "layer"), setting(settings, "pooling"),
                              percent_at(metrics, "/accuracy/accuracy"), percent_at(metrics, "/baselines/0/accuracy"),
                              verdict_of(row), row.created});
    }
    print_table(table, kWideColumns);
    return ExitCode::Done;
}

}  // namespace

void add_reward_list(Verb& reward) {
    Verb& verb = reward.verb("list", "The reward models of a database, each with what its evaluation found");
    auto& options = verb.command(list);
    database_option(verb, options.database);
    json_flag(verb, options.json);
    verb.example("bellwether reward list");
}

}  // namespace harness::cli
