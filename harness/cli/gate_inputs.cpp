#include "harness/cli/gate_inputs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "harness/base/usage_error.hpp"
#include "harness/cli/stored_runs.hpp"
#include "harness/cli/task_catalog.hpp"
#include "harness/results/baseline.hpp"
#include "harness/results/rated_studies.hpp"
#include "harness/store/run_store.hpp"
#include "reports/gate/joined_runs.hpp"

namespace harness::cli {

std::optional<reports::data::RunView> gate_run(const std::string& database, const std::vector<std::string>& runs) {
    if (runs.empty()) return std::nullopt;
    const store::Database opened = database_to_read(database);
    const store::RunStore store(opened);
    std::vector<reports::data::RunView> views;
    std::set<std::int64_t> seen;
    for (const std::string& reference : runs) {
        const store::RunRow row = resolve(store, reference);
        if (!seen.insert(row.id).second)
            throw base::UsageError(fmt::format("run {} is named twice; repeats are different runs", row.id));
        views.push_back(results::gate_view(store, row, task_catalog()));
    }
    reports::gate::JoinedRuns joined = reports::gate::joined_runs(views);
    if (!joined.obstacle.empty()) throw base::UsageError(joined.obstacle);
    return std::move(joined.run);
}

std::vector<reports::data::Study> gate_studies(const std::string& database, const reports::data::GatePolicy& policy,
                                               const reports::data::RunView& baseline) {
    const bool has_ratings =
        std::any_of(policy.rules.begin(), policy.rules.end(),
                    [](const reports::data::GateRule& rule) { return rule.kind == reports::data::RuleKind::Ratings; });
    if (!has_ratings || baseline.plan.empty() || !std::filesystem::exists(database)) return {};
    return results::studies_of_plans(database_to_read(database), {baseline.plan});
}

std::string repeats_name(const reports::data::RunView& run, const std::string& database,
                         const std::vector<std::string>& runs) {
    const store::Database opened = database_to_read(database);
    const store::RunStore store(opened);
    std::string numbers;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const char* between = i == 0 ? "" : i + 1 < runs.size() ? ", " : " and ";
        numbers += fmt::format("{}{}", between, resolve(store, runs[i]).id);
    }
    return fmt::format("{} (runs {})", run.variant, numbers);
}

}  // namespace harness::cli
