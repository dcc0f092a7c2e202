#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "safety/reward/design.hpp"
#include "safety/reward/loss.hpp"
#include "safety/reward/pair.hpp"

namespace safety::reward {

/// What is minimised over pairs.
struct LossSettings {
    Margins margins = Margins::None;
    double auxiliary = 0;  ///< weight of the safe / unsafe term, at least 0
    double l2 = 0;         ///< at least 0
};

/// Training loss of a linear model with score r = weights . row + bias:
///   mean over pairs of ranking_loss(r_chosen - r_rejected, margin)
///   + auxiliary * mean over labelled answers of safety_loss(r, label)
///   + l2 / 2 * |weights|^2.
/// An answer counts once for each pair that it is in. The bias is not penalised; the ranking loss does not depend on
/// it.
class Objective {
public:
    /// Row 2i of the design is the chosen answer of pair i, row 2i + 1 the rejected one. References must outlive the
    /// objective. Throws RewardError if there is no pair, or if the safe / unsafe term has a weight and a label is
    /// missing: with one label only, the bias that minimises it is infinite.
    Objective(const Design& design, std::span<const Pair> pairs, const LossSettings& settings);

    /// Number of parameters: the weights, then the bias.
    std::size_t size() const { return design_.dim() + 1; }
    /// The loss; its gradient replaces `gradient`. Both spans [size()]. Bits depend on the arguments only.
    double operator()(std::span<const double> parameters, std::span<double> gradient) const;

private:
    double add_safety(std::span<const double> scores, double bias, std::span<double> coefficients,
                      double& bias_slope) const;

    const Design& design_;
    std::span<const Pair> pairs_;
    LossSettings settings_;
    std::size_t labelled_ = 0;  // answers
};

/// Whether both safe and unsafe answers are among those with a label.
bool has_both_labels(std::span<const Pair> pairs);

}  // namespace safety::reward
