#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/store/rows.hpp"

namespace harness::results {

/// Whether the model's evaluation found it better than the best baseline; nullopt: it was not evaluated.
std::optional<bool> beats_baselines(const store::RewardModelRow& model);

/// Why a reward model's scores are no evidence yet; empty: nothing is known against them.
std::string reward_distrust(const store::RewardModelRow& model);

/// What `reward eval` found, in sentences; empty: it was not evaluated.
std::vector<std::string> reward_accuracy(const store::RewardModelRow& model);

/// A stored measurement in one sentence: "agreement with people on labels.csv (450 answers): same class 88.7 % (85.4 to
/// 91.3 %), Gwet's AC1 0.847 (...); people among themselves: same class 96.4 % (...)".
std::string accuracy_sentence(const store::ScorerAccuracyRow& measured);

}  // namespace harness::results
