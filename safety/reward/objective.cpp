#include "safety/reward/objective.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "safety/reward/error.hpp"

namespace safety::reward {
namespace {

/// Labels of the chosen and the rejected answer.
std::array<std::optional<Safety>, 2> labels_of(const Pair& pair) {
    return {chosen_safety(pair.bin), rejected_safety(pair.bin)};
}

}  // namespace

bool has_both_labels(std::span<const Pair> pairs) {
    bool safe = false;
    bool unsafe = false;
    for (const Pair& pair : pairs) {
        for (const std::optional<Safety> label : labels_of(pair)) {
            safe = safe || label == Safety::Safe;
            unsafe = unsafe || label == Safety::Unsafe;
        }
    }
    return safe && unsafe;
}

Objective::Objective(const Design& design, std::span<const Pair> pairs, const LossSettings& settings)
    : design_(design), pairs_(pairs), settings_(settings) {
    if (pairs.empty()) throw RewardError("training: no preference pair");
    if (settings.auxiliary > 0 && !has_both_labels(pairs))
        throw RewardError(
            "training: the auxiliary term needs pairs with safe and with unsafe answers; set its weight to 0");
    for (const Pair& pair : pairs) {
        for (const std::optional<Safety> label : labels_of(pair)) labelled_ += label ? 1 : 0;
    }
}

double Objective::operator()(std::span<const double> parameters, std::span<double> gradient) const {
    const std::span<const double> weights = parameters.first(design_.dim());
    std::vector<double> scores(design_.rows());
    design_.multiply(weights, scores);

    std::vector<double> coefficients(design_.rows());
    const auto n = static_cast<double>(pairs_.size());
    double value = 0;
    for (std::size_t pair = 0; pair < pairs_.size(); ++pair) {
        const Loss loss =
            ranking_loss(scores[2 * pair] - scores[2 * pair + 1], margin_of(settings_.margins, pairs_[pair].strength));
        value += loss.value;
        coefficients[2 * pair] = loss.slope / n;
        coefficients[2 * pair + 1] = -loss.slope / n;
    }
    value /= n;
    double bias_slope = 0;
    if (settings_.auxiliary > 0) value += add_safety(scores, parameters.back(), coefficients, bias_slope);

    std::fill(gradient.begin(), gradient.end(), 0);
    design_.accumulate(coefficients, gradient.first(design_.dim()));
    gradient.back() = bias_slope;
    double squares = 0;
    for (std::size_t column = 0; column < weights.size(); ++column) {
        squares += weights[column] * weights[column];
        gradient[column] += settings_.l2 * weights[column];
    }
    return value + settings_.l2 / 2 * squares;
}

double Objective::add_safety(std::span<const double> scores, double bias, std::span<double> coefficients,
                             double& bias_slope) const {
    const double weight = settings_.auxiliary / static_cast<double>(labelled_);
    double value = 0;
    for (std::size_t pair = 0; pair < pairs_.size(); ++pair) {
        const auto labels = labels_of(pairs_[pair]);
        for (std::size_t side = 0; side < labels.size(); ++side) {
            if (!labels[side]) continue;
            const std::size_t row = 2 * pair + side;
            const Loss loss = safety_loss(scores[row] + bias, *labels[side]);
            value += loss.value;
            coefficients[row] += weight * loss.slope;
            bias_slope += weight * loss.slope;
        }
    }
    return weight * value;
}

}  // namespace safety::reward
