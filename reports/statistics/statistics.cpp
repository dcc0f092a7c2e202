#include "reports/statistics/statistics.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

namespace reports::statistics {
namespace {

constexpr double kLevel = 0.05;
constexpr double kPower = 0.80;

double normal_quantile(double probability) {
    return boost::math::quantile(boost::math::normal(), probability);
}

const double kZLevel = normal_quantile(1 - kLevel / 2);
const double kZPower = normal_quantile(kPower);

Interval around(double value, double standard_error) {
    return {value - kZLevel * standard_error, value + kZLevel * standard_error};
}

struct Adjusted {
    double difference;
    double standard_error;
};

/// Of 0/1 scores with half an item more in each of the four cells (right or wrong in a, right or wrong in b).
Adjusted agresti_min(const Paired& paired) {
    const double n = static_cast<double>(paired.items) + 2;
    const double only_a = static_cast<double>(paired.higher_a) + 0.5;
    const double only_b = static_cast<double>(paired.higher_b) + 0.5;
    const double difference = (only_b - only_a) / n;
    return {difference, std::sqrt((only_a + only_b) / n - difference * difference) / std::sqrt(n)};
}

}  // namespace

bool is_binary(const ItemValues& values) {
    return scored_items(values) > 0 &&
           std::all_of(values.begin(), values.end(),
                       [](const std::optional<double>& value) { return !value || *value == 0.0 || *value == 1.0; });
}

std::size_t scored_items(const ItemValues& values) {
    return static_cast<std::size_t>(
        std::count_if(values.begin(), values.end(), [](const auto& value) { return value.has_value(); }));
}

Interval exponential_interval95(double value, double standard_error) {
    const double factor = std::exp(kZLevel * standard_error / value);
    return {value / factor, value * factor};
}

Interval interval95(double value, double standard_error, const ItemValues& values) {
    if (!is_binary(values) || value < 0 || value > 1) return around(value, standard_error);
    // The roots p of |p - value| = z sqrt(p (1 - p) / n).
    const auto n = static_cast<double>(scored_items(values));
    const double square = kZLevel * kZLevel;
    const double centre = (value + square / (2 * n)) / (1 + square / n);
    const double half = kZLevel / (1 + square / n) * std::sqrt(value * (1 - value) / n + square / (4 * n * n));
    // At 0 and 1 a root is the value itself, which rounding must not move to its other side.
    return {std::clamp(centre - half, 0.0, value), std::clamp(centre + half, value, 1.0)};
}

double mcnemar_exact(std::uint64_t only_a, std::uint64_t only_b) {
    const std::uint64_t trials = only_a + only_b;
    if (trials == 0) return 1;
    const boost::math::binomial fair(static_cast<double>(trials), 0.5);
    return std::min(1.0, 2 * boost::math::cdf(fair, static_cast<double>(std::min(only_a, only_b))));
}

std::optional<Paired> compare_paired(const ItemValues& a, const ItemValues& b) {
    Paired result;
    std::vector<double> differences;
    bool binary = true;
    const std::size_t size = std::max(a.size(), b.size());
    for (std::size_t i = 0; i < size; ++i) {
        const std::optional<double> before = i < a.size() ? a[i] : std::nullopt;
        const std::optional<double> after = i < b.size() ? b[i] : std::nullopt;
        if (before && after) {
            differences.push_back(*after - *before);
            binary = binary && is_binary({before, after});
            result.higher_a += *before > *after ? 1 : 0;
            result.higher_b += *after > *before ? 1 : 0;
        } else {
            result.only_scored_a += before ? 1 : 0;
            result.only_scored_b += after ? 1 : 0;
        }
    }
    if (differences.empty()) return std::nullopt;

    const auto n = static_cast<double>(differences.size());
    result.items = differences.size();
    for (const double difference : differences) result.difference += difference;
    result.difference /= n;
    if (binary) result.mcnemar_p = mcnemar_exact(result.higher_a, result.higher_b);
    if (differences.size() < 2) return result;

    double squares = 0;
    for (const double difference : differences) {
        squares += (difference - result.difference) * (difference - result.difference);
    }
    const double standard_error = std::sqrt(squares / (n - 1) / n);
    result.standard_error = standard_error;
    if (standard_error > 0) {
        result.ci95 = around(result.difference, standard_error);
        result.minimum_detectable = (kZLevel + kZPower) * standard_error;
    } else if (binary) {
        const Adjusted adjusted = agresti_min(result);
        const Interval interval = around(adjusted.difference, adjusted.standard_error);
        result.ci95 = Interval{std::max(-1.0, interval.low), std::min(1.0, interval.high)};
        result.minimum_detectable = (kZLevel + kZPower) * adjusted.standard_error;
    }
    return result;
}

Direction direction_of(const Paired& paired) {
    if (!paired.standard_error) return Direction::NotSeen;
    if (paired.ci95 && paired.ci95->low <= 0 && paired.ci95->high >= 0) return Direction::NotSeen;
    const bool counted = paired.mcnemar_p.has_value() || !paired.ci95;
    if (counted && mcnemar_exact(paired.higher_a, paired.higher_b) >= kLevel) return Direction::NotSeen;
    return paired.difference > 0 ? Direction::Above : Direction::Below;
}

}  // namespace reports::statistics
