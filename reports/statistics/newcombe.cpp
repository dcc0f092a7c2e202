#include "reports/statistics/newcombe.hpp"

#include <algorithm>
#include <cmath>

#include "reports/statistics/interval.hpp"

namespace reports::statistics {
namespace {

struct Rate {
    double value;
    data::Interval ci95;
};

Rate rate_of(std::size_t hits, std::size_t total) {
    const auto n = static_cast<double>(total);
    const double value = static_cast<double>(hits) / n;
    return {value, wilson95(value, n)};
}

/// Length of the sum of two errors with this correlation.
double joined(double first, double second, double correlation) {
    // Rounding could make the sum of squares negative where the errors cancel.
    return std::sqrt(std::max(0.0, first * first - 2 * correlation * first * second + second * second));
}

data::Interval difference95(const Rate& a, const Rate& b, double correlation) {
    const double difference = a.value - b.value;
    return {difference - joined(a.value - a.ci95.low, b.ci95.high - b.value, correlation),
            difference + joined(a.ci95.high - a.value, b.value - b.ci95.low, correlation)};
}

double correlation_of(const PairCounts& pairs) {
    const auto both = static_cast<double>(pairs.both);
    const auto first = static_cast<double>(pairs.only_first);
    const auto second = static_cast<double>(pairs.only_second);
    const auto neither = static_cast<double>(pairs.neither);
    const double product = (both + first) * (second + neither) * (both + second) * (first + neither);
    if (product == 0) return 0;
    double covariance = both * neither - first * second;
    if (covariance > 0) covariance = std::max(0.0, covariance - (both + first + second + neither) / 2);
    return covariance / std::sqrt(product);
}

}  // namespace

data::Interval newcombe95(std::size_t hits_a, std::size_t total_a, std::size_t hits_b, std::size_t total_b) {
    return difference95(rate_of(hits_a, total_a), rate_of(hits_b, total_b), 0);
}

data::Interval newcombe_paired95(const PairCounts& pairs) {
    const std::size_t total = pairs.both + pairs.only_first + pairs.only_second + pairs.neither;
    return difference95(rate_of(pairs.both + pairs.only_first, total), rate_of(pairs.both + pairs.only_second, total),
                        correlation_of(pairs));
}

}  // namespace reports::statistics
