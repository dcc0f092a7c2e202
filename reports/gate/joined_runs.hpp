#pragma once

#include <string>
#include <vector>

#include "reports/data/run.hpp"

namespace reports::gate {

/// The setting in which repeats of a run may differ.
constexpr const char* kRepeatSetting = "sampling seed";

struct JoinedRuns {
    data::RunView run;
    std::string obstacle = {};  ///< why they are no repeats of one run; empty: they are
};

/// Runs that differ in the seed only, as one: an item's score is its mean over the runs, and `repeats` has each run's.
/// An item that any run left unscored is unscored. Metrics that only some have are left out. At least one run, each
/// with the hashes of what was asked.
JoinedRuns joined_runs(const std::vector<data::RunView>& runs);

}  // namespace reports::gate
