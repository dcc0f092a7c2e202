#include "reports/statistics/agreement_weights.hpp"

#include <algorithm>
#include <boost/math/constants/constants.hpp>
#include <cmath>
#include <cstddef>

namespace reports::statistics {
namespace {

/// Not yet scaled: 0 for the same category, larger for more distant ones.
double distance(Weights weights, std::span<const double> scores, std::size_t row, std::size_t column) {
    const double x = scores[row];
    const double y = scores[column];
    const double low = scores.front();
    const double high = scores.back();
    switch (weights) {
        case Weights::Identity: return 1;
        case Weights::Linear: return std::abs(x - y);
        case Weights::Quadratic: return (x - y) * (x - y);
        case Weights::Ordinal: {
            const auto apart = static_cast<double>(std::max(row, column) - std::min(row, column));
            return apart * (apart + 1) / 2;
        }
        case Weights::Radical: return std::sqrt(std::abs(x - y));
        case Weights::Ratio: return std::pow((x - y) / (x + y), 2);
        case Weights::Circular:
            return std::pow(std::sin(boost::math::constants::pi<double>() * (x - y) / (high - low + 1)), 2);
        case Weights::Bipolar: return (x - y) * (x - y) / ((x + y - 2 * low) * (2 * high - x - y));
    }
    return 1;
}

/// 1 - distance / largest distance.
WeightMatrix scaled(WeightMatrix distances) {
    double largest = 0;
    for (const auto& row : distances) largest = std::max(largest, *std::max_element(row.begin(), row.end()));
    for (auto& row : distances) {
        for (double& value : row) value = largest > 0 ? 1 - value / largest : 1;
    }
    return distances;
}

}  // namespace

WeightMatrix agreement_weights(Weights weights, std::span<const double> scores) {
    WeightMatrix result(scores.size(), std::vector<double>(scores.size(), 0.0));
    for (std::size_t row = 0; row < scores.size(); ++row) {
        for (std::size_t column = 0; column < scores.size(); ++column) {
            if (row != column) result[row][column] = distance(weights, scores, row, column);
        }
    }
    return scaled(std::move(result));
}

WeightMatrix ordinal_metric_weights(std::span<const double> totals) {
    WeightMatrix result(totals.size(), std::vector<double>(totals.size(), 0.0));
    for (std::size_t row = 0; row < totals.size(); ++row) {
        double between = totals[row] / 2;
        for (std::size_t column = row + 1; column < totals.size(); ++column) {
            const double delta = between + totals[column] / 2;
            // A category that nobody used has distances too, but no pair of ratings that they could change.
            const bool used = totals[row] > 0 && totals[column] > 0;
            result[row][column] = result[column][row] = used ? delta * delta : 0;
            between += totals[column];
        }
    }
    return scaled(std::move(result));
}

}  // namespace reports::statistics
