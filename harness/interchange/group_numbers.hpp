#pragma once

#include <vector>

#include "reports/comparison.hpp"

namespace harness::interchange {

/// The number of every group all of whose tasks the run has, as the group wants them (profile; examples and sample
/// where the group sets them), by the group's own rule. `missing` names members none of whose items has a score.
std::vector<reports::GroupView> group_numbers(const reports::RunView& run);

}  // namespace harness::interchange
