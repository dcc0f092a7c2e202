#include "harness/scoring/metric_settings.hpp"

#include <nlohmann/json.hpp>

namespace harness::scoring {

nlohmann::json metric_settings(const std::vector<suites::MetricDefinition>& metrics) {
    nlohmann::json settings = nlohmann::json::object();
    for (const suites::MetricDefinition& metric : metrics) {
        settings[metric.name] = {{"direction", suites::to_string(metric.direction)},
                                 {"interval", suites::to_string(metric.interval)}};
    }
    return settings;
}

}  // namespace harness::scoring
