#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "safety/reward/trainer.hpp"

namespace safety::reward {

struct CrossFitSettings {
    std::size_t folds = 5;
    std::uint64_t seed = 0;
    double validation = 0.2;  ///< share of the prompt groups outside a fold that choose settings and temperature
    Grid grid = {};
};

/// Scores by heads that never saw the answer's prompt group, neither in training nor in validation.
struct CrossFit {
    std::vector<std::optional<double>> scores;  ///< of each feature row; none for rows in no pair
    std::vector<double> differences;            ///< of each pair: chosen - rejected, the logit of the preference
    std::vector<std::size_t> folds;             ///< of each pair
    std::vector<Head> heads;                    ///< of each fold: trained without it
};

/// Trains one head per fold on the other folds. Pairs that are excluded by rule are scored, but not trained on. The
/// same invariances as `train`. Throws RewardError, also if there are fewer groups than folds.
CrossFit cross_fit(const FeatureView& features, std::span<const Pair> pairs, const CrossFitSettings& settings);

}  // namespace safety::reward
