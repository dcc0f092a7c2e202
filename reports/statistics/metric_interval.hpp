#pragma once

#include <cstddef>
#include <optional>

#include "reports/data/task.hpp"

namespace reports::statistics {

/// Number of items behind a metric's value.
std::size_t scored_items(const data::TaskView& task, const data::MetricValues& metric);

/// The 95 % interval of a metric over `scored` items: exponential95 with Student's t for Scale::Exponential, wilson95
/// if every score is 0 or 1, share95 for other scores within 0 to 1, else skewed95 (without values student95). With
/// clusters clustered_share95 for all scores within 0 to 1. nullopt without items, for numbers that are not finite, and
/// for a single score that is not 0 or 1.
std::optional<data::Interval> metric95(const data::MetricValues& metric, std::size_t scored);

/// Whether a mean's scores are so few and so skewed that its interval covers less than 95 % (kTooSkewed).
bool is_too_skewed(const data::MetricValues& metric);

}  // namespace reports::statistics
