#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/data/gate.hpp"
#include "reports/data/ratings.hpp"
#include "reports/data/run.hpp"

/// What a gate reads from the database.
namespace harness::cli {

/// The run that the arguments name, several as repeats of one (see reports::gate::joined_runs); nullopt without an
/// argument. Throws base::UsageError for runs that are no repeats of each other.
std::optional<reports::data::RunView> gate_run(const std::string& database, const std::vector<std::string>& runs);

/// The studies of people's ratings that rules of the policy may mean: those with answers of the baseline's run. None
/// where no rule is about ratings or there is no database.
std::vector<reports::data::Study> gate_studies(const std::string& database, const reports::data::GatePolicy& policy,
                                               const reports::data::RunView& baseline);

/// "demo:chat (runs 2, 3 and 4)" for repeats.
std::string repeats_name(const reports::data::RunView& run, const std::string& database,
                         const std::vector<std::string>& runs);

}  // namespace harness::cli
