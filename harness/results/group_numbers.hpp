#pragma once

#include <vector>

#include "harness/store/rows.hpp"
#include "reports/data/run.hpp"
#include "suites/catalog.hpp"

namespace harness::results {

/// Aggregates of every group whose tasks the run has all, with the settings that the group requires (profile; number of
/// few-shot examples and sample where the group sets them), by the group's own rule. `missing` names members without a
/// scored item.
std::vector<reports::data::GroupView> group_numbers(const reports::data::RunView& run, const suites::Catalog& catalog);

/// The same for stored groups of the run that the catalogue does not have.
std::vector<reports::data::GroupView> stored_group_numbers(const reports::data::RunView& run,
                                                           const std::vector<store::GroupRow>& groups,
                                                           const suites::Catalog& catalog);

}  // namespace harness::results
