#include "reports/statistics/metric_interval.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "reports/statistics/interval.hpp"
#include "reports/statistics/normal.hpp"

namespace reports::statistics {

std::size_t scored_items(const data::TaskView& task, const data::MetricValues& metric) {
    if (!metric.values.empty()) return scored_items(metric.values);
    return metric.scored.value_or(task.items - std::min(task.errors, task.items));
}

namespace {

/// How much wider the interval of a mean over few clusters is than the normal distribution says.
double student_factor(std::size_t clusters) {
    const boost::math::students_t distribution(static_cast<double>(clusters) - 1);
    return boost::math::quantile(distribution, 1 - kLevel / 2) / z_level();
}

}  // namespace

std::optional<data::Interval> metric95(const data::MetricValues& metric, std::size_t scored) {
    const double value = metric.value;
    const bool clustered = metric.clusters > 1;
    const double error = metric.standard_error * (clustered ? student_factor(metric.clusters) : 1);
    if (scored == 0 || !std::isfinite(value) || !std::isfinite(error)) return std::nullopt;
    const bool within_one = value >= 0 && value <= 1;
    if (within_one && clustered && is_share(metric.values)) return share95(value, error, metric.clusters);
    if (within_one && is_binary(metric.values)) return wilson95(value, static_cast<double>(scored));
    if (scored < 2) return std::nullopt;
    switch (metric.scale) {
        case data::Scale::Exponential: return value > 0 ? exponential95(value, error) : plain95(value, error);
        case data::Scale::Share: return within_one ? share95(value, error, scored) : plain95(value, error);
        case data::Scale::Plain: break;
    }
    return within_one && is_share(metric.values) ? share95(value, error, scored) : plain95(value, error);
}

}  // namespace reports::statistics
