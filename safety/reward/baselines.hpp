#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "safety/reward/pair.hpp"

namespace safety::reward {

/// Which side of a single value is taken for the better answer.
enum class Direction { Higher, Lower };

/// Baseline with one number per answer, such as its length or whether it is a refusal.
struct ValueBaseline {
    std::vector<double> differences;    ///< of each pair: chosen - rejected, times the direction of its fold
    std::vector<Direction> directions;  ///< of each fold
};

/// Predicts by the value alone. The direction is chosen for each fold on the pairs of the other folds: that which is
/// correct more often, Lower if both are equally often. `values` by feature row; `folds` of each pair, as
/// folds_by_group gives them. Pairs excluded by rule are predicted, but do not choose the direction.
ValueBaseline value_baseline(std::span<const double> values, std::span<const Pair> pairs,
                             std::span<const std::size_t> folds);

/// L2 penalties of the n-gram model that are tried on validation groups, and that choice's seed and share.
struct NgramSettings {
    std::vector<double> l2 = {0.1, 0.03, 0.01, 0.003, 0.001};
    std::uint64_t seed = 0;
    double validation = 0.2;  ///< share of the prompt groups outside a fold
};

/// Baseline that sees words only: a linear model over hashed n-grams (see hash_ngrams), 1 if the answer has it, trained
/// by the ranking loss without margins. For each fold, L2 is chosen by the log loss of a validation part of the other
/// folds, then the model is trained on all of them. `buckets` by feature row. Returns chosen - rejected of each pair.
/// Throws RewardError if there is too little data.
std::vector<double> ngram_baseline(const std::vector<std::vector<std::uint32_t>>& buckets, std::span<const Pair> pairs,
                                   std::span<const std::size_t> folds, const NgramSettings& settings);

}  // namespace safety::reward
