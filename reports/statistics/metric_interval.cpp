#include "reports/statistics/metric_interval.hpp"

#include <algorithm>
#include <cmath>

#include "reports/statistics/interval.hpp"

namespace reports::statistics {

std::size_t scored_items(const data::TaskView& task, const data::MetricValues& metric) {
    if (!metric.values.empty()) return scored_items(metric.values);
    return metric.scored.value_or(task.items - std::min(task.errors, task.items));
}

std::optional<data::Interval> metric95(const data::MetricValues& metric, std::size_t scored) {
    const double value = metric.value;
    const double error = metric.standard_error;
    if (scored == 0 || !std::isfinite(value) || !std::isfinite(error)) return std::nullopt;
    const bool within_one = value >= 0 && value <= 1;
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
