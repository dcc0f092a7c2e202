#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "reports/data/gate.hpp"
#include "reports/data/run.hpp"
#include "reports/gate/looks.hpp"

namespace reports::gate {

/// Where a sequential gate stands.
struct SequentialState {
    data::GateVerdict verdict;
    bool is_decided = false;  ///< more items would not change the verdict, or not without a great surprise
    std::size_t looks = 0;    ///< that were taken
    /// Tasks whose next items the gate waits for, each with the number of its looks that must be there.
    std::map<std::string, std::size_t> waits_for = {};
    std::uint64_t items = 0;    ///< pairs that the verdict rests on, over all suites
    std::uint64_t planned = 0;  ///< pairs if no look had decided
};

/// Judges a run look by look, as reports::gate::judge does a complete one, and stops at the first look after which
/// - a suite that counts is a regression: z, the normal quantile of 1 - p for a drop larger than the margin, reached
///   the boundary of the suite's level, that of Holm's step among the suites of its tier; or
/// - each suite that counts is decided: a drop larger than the margin is excluded, by the boundary of the same kind on
///   the other side; or, unless the policy is strict, one would hardly be proven any more (sequential_boundaries). The
///   latter is "inconclusive", or "pass" if no score changed; or
/// - something stands in the way: other questions, too many errors.
/// A suite that is decided waits for no more items. The verdict depends on the items of the looks alone: neither on the
/// order in which they were answered, nor on other stored items.
///
/// p is mid-p for McNemar's and the sign test, because each look would otherwise err less than its part of the level.
/// The bounds are those of the boundary, so that they hold at all looks together (Jennison and Turnbull 1989, JRSS B
/// 51:305).
///
/// Rules that sequential_obstacle names may not be in the policy.
SequentialState judge_sequential(const data::RunView& baseline, const data::RunView& run,
                                 const data::GatePolicy& policy, const Looks& looks);

/// Which rule cannot be judged look by look, and why; empty: all can. People's ratings and scorers judge a whole run,
/// and the boundaries are those of one mean over items, not of repeats or of likelihoods by document.
std::string sequential_obstacle(const data::RunView& baseline, const data::GatePolicy& policy);

}  // namespace reports::gate
