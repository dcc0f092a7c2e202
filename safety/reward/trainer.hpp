#pragma once

#include <span>
#include <vector>

#include "safety/reward/head.hpp"
#include "safety/reward/lbfgs.hpp"
#include "safety/reward/pair.hpp"

namespace safety::reward {

/// The values that are tried. None of the lists is empty.
struct Grid {
    std::vector<Standardise> standardise = {Standardise::Yes, Standardise::No};
    std::vector<double> l2 = {10, 1, 0.1, 0.01, 0.001, 0.0001};  ///< strongest first
    std::vector<Margins> margins = {Margins::None, Margins::Small, Margins::Large};
    std::vector<double> auxiliary = {0, 0.1, 1};
    LbfgsSettings minimiser = {};
};

/// Trains a head on the training pairs; the validation pairs choose its settings and its temperature.
///
/// Settings are chosen one after another: first the scaling together with L2 (with the first margin and weight of the
/// auxiliary term in the lists), then the margins, then that weight; the first of equal ones. The list of L2 is left
/// when the loss has risen twice in a row, because weak penalties take most of the time. The loss that decides is the
/// log loss of the validation pairs at the temperature that suits them best, because margins change the scale of
/// scores. If the validation pairs have both safe and unsafe answers, the mean cross-entropy of their labels is added.
/// Weights above 0 are left out of the grid if training pairs do not have both labels.
///
/// Pairs excluded by rule are ignored. The head has the same bits for any order of rows and pairs as long as groups
/// keep their numbers, and on any machine whose exp and log1p have the same bits. Throws RewardError.
Head train(const FeatureView& features, std::span<const Pair> training, std::span<const Pair> validation,
           const Grid& grid);

}  // namespace safety::reward
