#include "reports/statistics/interval.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
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

bool is_binary(const std::vector<double>& values) {
    return !values.empty() && std::all_of(values.begin(), values.end(), is_zero_or_one);
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

namespace {

/// wilson95 with the n whose standard error is `factor` times this one, and at least that of `counted` scores.
data::Interval effective95(double share, double standard_error, std::size_t counted, double factor) {
    const auto least = static_cast<double>(counted);
    const double variance = share * (1 - share);
    if (standard_error <= 0 || variance <= 0) return wilson95(share, least);
    const double error = standard_error * factor;
    // Rounding could make n smaller than what was counted.
    return wilson95(share, std::max(1 + variance / (error * error), least / (factor * factor)));
}

}  // namespace

data::Interval share95(double share, double standard_error, std::size_t items) {
    return effective95(share, standard_error, items, 1);
}

data::Interval clustered_share95(double share, double standard_error, std::size_t clusters, double degrees_of_freedom) {
    return effective95(share, standard_error, clusters, student_factor(degrees_of_freedom));
}

double student_factor(double degrees_of_freedom) {
    const boost::math::students_t distribution(degrees_of_freedom);
    return boost::math::quantile(distribution, 1 - kLevel / 2) / z_level();
}

data::Interval student95(double value, double standard_error, double degrees_of_freedom) {
    return plain95(value, standard_error * student_factor(degrees_of_freedom));
}

double error_skewness(std::span<const double> deviations) {
    double squares = 0;
    double cubes = 0;
    for (const double deviation : deviations) {
        squares += deviation * deviation;
        cubes += deviation * deviation * deviation;
    }
    return squares > 0 ? cubes / std::pow(squares, 1.5) : 0;
}

data::Interval skewed95(double value, double standard_error, double degrees_of_freedom, double skewness) {
    constexpr double kRounding = 1e-6;  // below it the formula loses digits and changes none that is printed
    if (std::abs(skewness) < kRounding) return student95(value, standard_error, degrees_of_freedom);
    const auto untransformed = [skewness](double t) {
        return 3 * (std::cbrt(1 + skewness * (t - skewness / 6)) - 1) / skewness;
    };
    const double t = z_level() * student_factor(degrees_of_freedom);
    return {value - standard_error * untransformed(t), value - standard_error * untransformed(-t)};
}

data::Interval plain95(double value, double standard_error) {
    return {value - z_level() * standard_error, value + z_level() * standard_error};
}

data::Interval exponential95(double value, double standard_error) {
    const double factor = std::exp(z_level() * standard_error / value);
    return {value / factor, value * factor};
}

}  // namespace reports::statistics
