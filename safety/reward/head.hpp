#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "safety/reward/lbfgs.hpp"
#include "safety/reward/loss.hpp"
#include "safety/reward/pair.hpp"
#include "safety/reward/scaling.hpp"

namespace safety::reward {

/// Settings of a head that are chosen on validation data.
struct HeadSettings {
    Standardise standardise = Standardise::Yes;
    Margins margins = Margins::None;
    double l2 = 0;
    double auxiliary = 0;
    bool operator==(const HeadSettings&) const = default;
};

/// A scalar head: a linear function of an answer's features.
struct Head {
    std::vector<double> weights;  ///< [dim], of scaled features
    double bias = 0;              ///< 0 if trained without the safe / unsafe term
    Scaling scaling;              ///< [dim] each
    double temperature = 1;       ///< fitted on validation pairs
    HeadSettings settings;
    std::vector<Progress> curve;  ///< of the training that gave the weights; the loss includes the L2 penalty
    Stop stop = Stop::Converged;
    std::size_t training_pairs = 0;  ///< without those excluded by rule
    std::size_t validation_pairs = 0;
    double validation_loss = 0;  ///< by which the settings were chosen, see `train`

    /// Reward: (weights . (features - mean) / scale + bias) / temperature. The difference of two answers' rewards is
    /// the logit of the probability that the first is preferred. Heads with a safe / unsafe term predict "safe" above
    /// 0. Throws RewardError if `features` does not have dim finite values.
    double score(std::span<const float> features) const;
    /// Of every row.
    std::vector<double> scores(const FeatureView& features) const;
};

/// Score of chosen minus score of rejected, for each pair.
std::vector<double> differences_of(std::span<const double> scores, std::span<const Pair> pairs);

}  // namespace safety::reward
