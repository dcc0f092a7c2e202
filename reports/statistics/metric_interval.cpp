#include "reports/statistics/metric_interval.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "reports/statistics/interval.hpp"

namespace reports::statistics {

std::size_t scored_items(const data::TaskView& task, const data::MetricValues& metric) {
    if (!metric.values.empty()) return scored_items(metric.values);
    return metric.scored.value_or(task.items - std::min(task.errors, task.items));
}

namespace {

/// error_skewness of values that stand alone.
double skewness_of(const data::ItemValues& values) {
    std::vector<double> deviations;
    deviations.reserve(values.size());
    double sum = 0;
    for (const auto& value : values) {
        if (value) deviations.push_back(*value);
        sum += value.value_or(0);
    }
    const double mean = sum / static_cast<double>(deviations.size());
    for (double& deviation : deviations) deviation -= mean;
    return error_skewness(deviations);
}

double freedom_of(const data::MetricValues& metric, std::size_t scored) {
    return metric.clusters > 1 ? metric.degrees_of_freedom : static_cast<double>(scored) - 1;
}

double skewness_of(const data::MetricValues& metric) {
    if (metric.clusters > 1) return metric.skewness;
    return metric.values.empty() ? 0 : skewness_of(metric.values);
}

data::Interval exponential_metric95(const data::MetricValues& metric, std::size_t scored) {
    const double error = metric.standard_error * student_factor(freedom_of(metric, scored));
    return metric.value > 0 ? exponential95(metric.value, error) : plain95(metric.value, error);
}

}  // namespace

std::optional<data::Interval> metric95(const data::MetricValues& metric, std::size_t scored) {
    const double value = metric.value;
    const double error = metric.standard_error;
    if (scored == 0 || !std::isfinite(value) || !std::isfinite(error)) return std::nullopt;
    const bool within_one = value >= 0 && value <= 1;
    if (within_one && metric.clusters > 1 && is_share(metric.values))
        return clustered_share95(value, error, metric.clusters, metric.degrees_of_freedom);
    if (within_one && is_binary(metric.values)) return wilson95(value, static_cast<double>(scored));
    if (scored < 2) return std::nullopt;
    if (metric.scale == data::Scale::Exponential) return exponential_metric95(metric, scored);
    if (within_one && (metric.scale == data::Scale::Share || is_share(metric.values)))
        return share95(value, error, scored);
    return skewed95(value, error, freedom_of(metric, scored), skewness_of(metric));
}

bool is_too_skewed(const data::MetricValues& metric) {
    if (metric.values.empty() || metric.scale != data::Scale::Plain || is_share(metric.values)) return false;
    return std::abs(skewness_of(metric)) > kTooSkewed;
}

}  // namespace reports::statistics
