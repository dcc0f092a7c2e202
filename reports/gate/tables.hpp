#pragma once

#include <string>
#include <vector>

#include "reports/data/gate.hpp"
#include "reports/sections/table.hpp"

namespace reports::gate {

/// "pass", "inconclusive", "regression", "incomplete", "not comparable".
std::string to_string(data::GateStatus status);
std::string to_string(data::Tier tier);

/// The verdict in one sentence, which agrees with the exit code.
std::string verdict_sentence(const data::GateVerdict& verdict);

/// A row for each suite.
sections::Table suites_table(const data::GateVerdict& verdict);

/// Items that became worse; at most `most` of each suite.
sections::Table flips_table(const data::GateVerdict& verdict, std::size_t most);

/// A row for each suite, with its chances to catch a drop.
sections::Table power_table(const std::vector<data::SuitePower>& powers);
/// What to say of suites that would miss a drop of 5 points, or that have no chances.
std::vector<std::string> power_warnings(const std::vector<data::SuitePower>& powers);

/// Items that are not the same in both runs; at most `most`.
sections::Table changed_table(const std::vector<data::ChangedItem>& changed, std::size_t most);

}  // namespace reports::gate
