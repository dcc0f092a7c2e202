#include "reports/statistics/rank_correlation.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "reports/statistics/normal.hpp"

namespace reports::statistics {
namespace {

std::optional<double> moment_correlation(std::span<const double> x, std::span<const double> y) {
    const auto n = static_cast<double>(x.size());
    const double mean_x = std::accumulate(x.begin(), x.end(), 0.0) / n;
    const double mean_y = std::accumulate(y.begin(), y.end(), 0.0) / n;
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        xx += (x[i] - mean_x) * (x[i] - mean_x);
        yy += (y[i] - mean_y) * (y[i] - mean_y);
        xy += (x[i] - mean_x) * (y[i] - mean_y);
    }
    const auto constant = [](std::span<const double> values) {
        return std::equal(values.begin() + 1, values.end(), values.begin());
    };
    if (constant(x) || constant(y) || xx <= 0 || yy <= 0) return std::nullopt;
    return std::clamp(xy / std::sqrt(xx) / std::sqrt(yy), -1.0, 1.0);
}

/// `spread` scales Fisher's variance 1 / (n - 3).
Correlation with_interval(double value, std::size_t pairs, double spread) {
    Correlation result{.value = value, .ci95 = std::nullopt, .pairs = pairs};
    constexpr double kNearlyOne = 1 - 1e-12;  // rounding of a perfect correlation
    if (pairs > 3 && std::abs(value) < kNearlyOne) {
        const double half = z_level() * std::sqrt(spread / static_cast<double>(pairs - 3));
        result.ci95 = data::Interval{std::tanh(std::atanh(value) - half), std::tanh(std::atanh(value) + half)};
    }
    return result;
}

}  // namespace

std::vector<double> mean_ranks(std::span<const double> values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    std::vector<double> ranks(values.size());
    for (std::size_t first = 0; first < order.size();) {
        std::size_t last = first + 1;
        while (last < order.size() && values[order[last]] == values[order[first]]) ++last;
        for (std::size_t at = first; at < last; ++at) ranks[order[at]] = static_cast<double>(first + last + 1) / 2;
        first = last;
    }
    return ranks;
}

std::optional<Correlation> pearson(std::span<const double> x, std::span<const double> y) {
    const auto value = x.size() < 2 ? std::nullopt : moment_correlation(x, y);
    if (!value) return std::nullopt;
    return with_interval(*value, x.size(), 1);
}

std::optional<Correlation> spearman(std::span<const double> x, std::span<const double> y) {
    const auto value = x.size() < 2 ? std::nullopt : moment_correlation(mean_ranks(x), mean_ranks(y));
    if (!value) return std::nullopt;
    return with_interval(*value, x.size(), 1 + *value * *value / 2);
}

}  // namespace reports::statistics
