#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/store/rows.hpp"
#include "reports/data/safety.hpp"

namespace harness::results {

/// Whether the model's evaluation found it better than the best baseline; nullopt: it was not evaluated.
std::optional<bool> beats_baselines(const store::RewardModelRow& model);

/// Why a reward model's scores are no evidence yet; empty: nothing is known against them.
std::string reward_distrust(const store::RewardModelRow& model);

/// What `reward eval` found, in sentences; empty: it was not evaluated.
std::vector<std::string> reward_accuracy(const store::RewardModelRow& model);

/// A stored measurement in one sentence: "refusal: accuracy 0.9530 (95 % interval 0.9300 to 0.9690), ... of 450 answers
/// of labels.csv; people among themselves: AC1 0.9100 (...)".
std::string accuracy_sentence(const store::ScorerAccuracyRow& measured);

}  // namespace harness::results
