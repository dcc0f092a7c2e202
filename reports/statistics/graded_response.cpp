#include "reports/statistics/graded_response.hpp"

#include <algorithm>
#include <cmath>

namespace reports::statistics {
namespace {

/// The logistic distribution function with two derivatives.
struct Logistic {
    double value = 0;
    double slope = 0;
    double bend = 0;
};

Logistic logistic(double x) {
    const double value = 1 / (1 + std::exp(-x));
    const double slope = value * (1 - value);
    return {value, slope, slope * (1 - 2 * value)};
}

}  // namespace

GradedCategory graded_category(double e, const std::vector<double>& thresholds, std::size_t category) {
    constexpr double kTiny = 1e-300;
    const bool is_first = category == 0;
    const bool is_last = category == thresholds.size();
    const Logistic upper = is_last ? Logistic{.value = 1} : logistic(thresholds[category] - e);
    const Logistic lower = is_first ? Logistic{} : logistic(thresholds[category - 1] - e);
    const double p = std::max(upper.value - lower.value, kTiny);
    return {.log_probability = std::log(p),
            .upper = upper.slope / p,
            .lower = -lower.slope / p,
            .upper_upper = upper.bend / p - std::pow(upper.slope / p, 2),
            .lower_lower = -lower.bend / p - std::pow(lower.slope / p, 2),
            .upper_lower = upper.slope * lower.slope / p / p};
}

}  // namespace reports::statistics
