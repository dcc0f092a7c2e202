#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "suites/metric.hpp"

namespace harness::scoring {

/// How a scorer's metrics are aggregated and shown, for its settings in the store, so that reports need not know the
/// scorer: {"violation":{"direction":"lower","interval":"share"}}. Every value is a mean.
nlohmann::json metric_settings(const std::vector<suites::MetricDefinition>& metrics);

}  // namespace harness::scoring
