#pragma once

#include <vector>

#include "harness/store/rows.hpp"
#include "reports/data/run.hpp"
#include "suites/catalog.hpp"

namespace harness::results {

/// The number of every group all of whose tasks the run has, as the group wants them (profile; examples and sample
/// where the group sets them), by the group's own rule. `missing` names members none of whose items has a score.
std::vector<reports::data::GroupView> group_numbers(const reports::data::RunView& run, const suites::Catalog& catalog);

/// The same of groups that the run was asked for and the catalogue does not have.
std::vector<reports::data::GroupView> stored_group_numbers(const reports::data::RunView& run,
                                                           const std::vector<store::GroupRow>& groups,
                                                           const suites::Catalog& catalog);

}  // namespace harness::results
