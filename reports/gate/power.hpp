#pragma once

#include <array>
#include <optional>
#include <vector>

#include "reports/data/gate.hpp"
#include "reports/data/ratings.hpp"
#include "reports/data/run.hpp"

namespace reports::gate {

/// The drops, in the metric's own unit, whose chances are listed: 1, 2, 3 and 5 points of a share.
constexpr std::array<double, 4> kPowerDrops = {0.01, 0.02, 0.03, 0.05};
/// A gate with a smaller chance to catch a drop is of little use.
constexpr double kWantedPower = 0.8;

/// Chances of a policy's suites to catch drops, before anything is run: with the baseline's number of items, at the
/// level that Holm's correction leaves where only one suite of the tier dropped. `changing`: share of the items whose
/// score is taken to change, for 0/1 scores; other scores are taken to change by as much as that share of them would.
/// Clusters are then taken to have no effect, which `SuitePower::assumption` says. With a run, what changed between it
/// and the baseline is taken instead, with the effect of the clusters that it shows. Drops of a perplexity are shares
/// of it, and how much likelihoods change is not known without a run. Of people's ratings the prompts of a study count,
/// all won or lost; where none is planned the chances are not known.
std::vector<data::SuitePower> gate_power(const data::RunView& baseline, const data::RunView* run,
                                         const data::GatePolicy& policy, double changing,
                                         const std::vector<data::Study>& studies = {});

}  // namespace reports::gate
