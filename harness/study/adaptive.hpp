#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/study/page.hpp"
#include "harness/study/state.hpp"

namespace harness::study {

/// How far each pair of variants of a pairwise study is decided: the mean score of the prompts whose items are complete
/// (1: the first variant wins, 0.5: tie; the mean over the counted ratings), in the order in which they were completed,
/// with an interval that holds at all times together. Decided: the interval does not hold 0.5. The error rate of 5 % is
/// shared by the pairs (Bonferroni). Sorted by variants. Empty for other protocols.
std::vector<PairStatus> pair_progress(const StudyState& state, const store::StudyRow& study);

/// [item]: whether its pair of variants is decided.
std::vector<bool> decided_items(const StudyState& state, const std::vector<PairStatus>& pairs);

}  // namespace harness::study
