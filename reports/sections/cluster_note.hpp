#pragma once

#include <string>
#include <vector>

#include "reports/data/run.hpp"

namespace reports::sections {

/// " boolq is clustered by passage (2,938 clusters)." and what that means, with a space before it, for a caption; empty
/// where no task has clusters.
std::string cluster_note(const std::vector<data::RunView>& runs);

}  // namespace reports::sections
