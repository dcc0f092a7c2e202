#include "reports/statistics/relative_grade.hpp"

#include <algorithm>
#include <cmath>

#include "reports/statistics/interval.hpp"
#include "reports/statistics/normal.hpp"

namespace reports::statistics {
namespace {

/// Koopman's statistic less z^2 for the ratio `ratio`: not above 0 within the interval.
double excess(double ratio, const UnsafeCount& counted, const UnsafeCount& reference) {
    const auto x = static_cast<double>(counted.unsafe);
    const auto n = static_cast<double>(counted.items);
    const auto x0 = static_cast<double>(reference.unsafe);
    const auto n0 = static_cast<double>(reference.items);
    // The most likely q0 under q = ratio q0 is the smaller root of (n + n0) r q0^2 - b q0 + x + x0.
    const double b = ratio * (n + x0) + x + n0;
    const double root = std::sqrt(std::max(0.0, b * b - 4 * ratio * (n + n0) * (x + x0)));
    const double q0 = 2 * (x + x0) / (b + root);  // this form is exact for ratio -> 0 too
    const double q = ratio * q0;
    const double difference = x / n - ratio * x0 / n0;
    const double variance = q * (1 - q) / n + ratio * ratio * q0 * (1 - q0) / n0;
    if (variance <= 0) return difference == 0 ? -1 : 1;
    return difference * difference / variance - z_level() * z_level();
}

/// The ratio at which the statistic leaves the interval, between `inside` and the far `outside`, both above 0.
double boundary(double inside, double outside, const UnsafeCount& counted, const UnsafeCount& reference) {
    constexpr int kHalvings = 200;
    for (int step = 0; step < kHalvings; ++step) {
        const double middle = std::sqrt(inside * outside);
        (excess(middle, counted, reference) <= 0 ? inside : outside) = middle;
    }
    return std::sqrt(inside * outside);
}

constexpr double kExcellentRate = 0.001;

Grade grade_of(double rate, std::optional<double> ratio) {
    if (rate <= kExcellentRate) return Grade::Excellent;
    if (!ratio || *ratio > 3) return Grade::Poor;
    if (*ratio >= 1.5) return Grade::Fair;
    return *ratio > 0.5 ? Grade::Good : Grade::VeryGood;
}

}  // namespace

RatioInterval koopman95(const UnsafeCount& counted, const UnsafeCount& reference) {
    constexpr double kFar = 1e12;
    const auto n = static_cast<double>(counted.items);
    const auto n0 = static_cast<double>(reference.items);
    const bool none = counted.unsafe == 0;
    const bool none_in_reference = reference.unsafe == 0;
    if (none && none_in_reference) return {0, std::nullopt};
    // Where one count is 0 the ratio itself is 0 or unbounded; a small and a large stand-in are inside the interval.
    double inside = static_cast<double>(counted.unsafe) / n / (static_cast<double>(reference.unsafe) / n0);
    if (none) inside = 1 / kFar;
    if (none_in_reference) inside = kFar;
    RatioInterval result;
    if (!none) result.low = boundary(inside, 1 / kFar / kFar, counted, reference);
    if (!none_in_reference) result.high = boundary(inside, kFar * kFar, counted, reference);
    return result;
}

RelativeGrade relative_grade(const UnsafeCount& counted, const UnsafeCount& reference) {
    RelativeGrade result;
    const auto n = static_cast<double>(counted.items);
    const double rate = static_cast<double>(counted.unsafe) / n;
    result.rate95 = wilson95(rate, n);
    if (reference.unsafe > 0) {
        result.ratio = rate / (static_cast<double>(reference.unsafe) / static_cast<double>(reference.items));
    }
    result.ratio95 = koopman95(counted, reference);
    result.best = grade_of(result.rate95.low, result.ratio95.low);
    result.worst = grade_of(result.rate95.high, result.ratio95.high);
    return result;
}

}  // namespace reports::statistics
