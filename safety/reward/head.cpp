#include "safety/reward/head.hpp"

#include <fmt/core.h>

#include <cmath>

#include "safety/reward/error.hpp"

namespace safety::reward {

double Head::score(std::span<const float> features) const {
    if (features.size() != weights.size())
        throw RewardError(fmt::format("score: {} features, the head has {}", features.size(), weights.size()));
    double sum = 0;
    for (std::size_t column = 0; column < weights.size(); ++column)
        sum += weights[column] * ((features[column] - scaling.mean[column]) / scaling.scale[column]);
    if (!std::isfinite(sum)) throw RewardError("score: a feature is not a finite number");
    return (sum + bias) / temperature;
}

std::vector<double> Head::scores(const FeatureView& features) const {
    std::vector<double> result;
    result.reserve(features.rows());
    for (std::size_t row = 0; row < features.rows(); ++row) result.push_back(score(features.row(row)));
    return result;
}

std::vector<double> differences_of(std::span<const double> scores, std::span<const Pair> pairs) {
    std::vector<double> differences;
    differences.reserve(pairs.size());
    for (const Pair& pair : pairs) differences.push_back(scores[pair.chosen] - scores[pair.rejected]);
    return differences;
}

}  // namespace safety::reward
