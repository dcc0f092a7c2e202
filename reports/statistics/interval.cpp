#include "reports/statistics/interval.hpp"

#include <algorithm>
#include <cmath>

#include "reports/statistics/normal.hpp"

namespace reports::statistics {
namespace {

template <class Accepts>
bool all_scores(const data::ItemValues& values, const Accepts& accepts) {
    return scored_items(values) > 0 &&
           std::all_of(values.begin(), values.end(),
                       [&accepts](const std::optional<double>& value) { return !value || accepts(*value); });
}

}  // namespace

bool is_zero_or_one(double score) {
    return score == 0.0 || score == 1.0;
}

bool is_within_one(double score) {
    return score >= 0 && score <= 1;
}

bool is_binary(const data::ItemValues& values) {
    return all_scores(values, is_zero_or_one);
}

bool is_share(const data::ItemValues& values) {
    return all_scores(values, is_within_one);
}

std::size_t scored_items(const data::ItemValues& values) {
    return static_cast<std::size_t>(
        std::count_if(values.begin(), values.end(), [](const auto& value) { return value.has_value(); }));
}

data::Interval wilson95(double share, double n) {
    const double square = z_level() * z_level();
    const double centre = (share + square / (2 * n)) / (1 + square / n);
    const double half = z_level() / (1 + square / n) * std::sqrt(share * (1 - share) / n + square / (4 * n * n));
    // For a share of 0 or 1 one root is the share itself; rounding must not move it past the share.
    return {std::clamp(centre - half, 0.0, share), std::clamp(centre + half, share, 1.0)};
}

data::Interval share95(double share, double standard_error, std::size_t items) {
    const double variance = share * (1 - share);
    const bool varies = standard_error > 0 && variance > 0;
    const auto counted = static_cast<double>(items);
    const double n = varies ? 1 + variance / (standard_error * standard_error) : counted;
    // Rounding could make n smaller than the number of items.
    return wilson95(share, std::max(n, counted));
}

data::Interval plain95(double value, double standard_error) {
    return {value - z_level() * standard_error, value + z_level() * standard_error};
}

data::Interval exponential95(double value, double standard_error) {
    const double factor = std::exp(z_level() * standard_error / value);
    return {value / factor, value * factor};
}

}  // namespace reports::statistics
