#pragma once

#include <cstddef>
#include <optional>

#include "reports/data/task.hpp"

namespace reports::statistics {

/// Number of items behind a metric's value.
std::size_t scored_items(const data::TaskView& task, const data::MetricValues& metric);

/// The 95 % interval of a metric over `scored` items: exponential95 for Scale::Exponential, wilson95 if every score is
/// 0 or 1, share95 for other scores within 0 to 1, else plain95. With clusters share95 for all scores within 0 to 1,
/// and Student's t of clusters - 1 degrees of freedom in place of the normal distribution. nullopt without items, for
/// numbers that are not finite, and for a single score that is not 0 or 1.
std::optional<data::Interval> metric95(const data::MetricValues& metric, std::size_t scored);

}  // namespace reports::statistics
