#pragma once

#include <optional>
#include <string>

#include "reports/data/gate.hpp"
#include "reports/data/run.hpp"

/// Prometheus' text format 0.0.4, as the textfile collector of node_exporter reads it: gauges without timestamps, each
/// with HELP and TYPE, and a value for every combination of labels that is defined.
namespace reports::formats {

/// When a run was planned and when it was complete. [Unix time, s]
struct RunTimes {
    std::optional<double> created = {};
    std::optional<double> finished = {};  ///< none: it is not
};

/// bellwether_score, bellwether_score_standard_error (labels model, task, profile, metric), bellwether_items,
/// bellwether_items_planned, bellwether_item_errors (model, task, profile), bellwether_group_score and its standard
/// error (model, group, profile); bellwether_run_complete, bellwether_run_created_timestamp_seconds,
/// bellwether_run_finished_timestamp_seconds, bellwether_run_duration_seconds (model) and bellwether_run_info, which is
/// 1 and names run, fingerprint and settings. The run's number is no label of the others, so that series go on from run
/// to run.
std::string render_prometheus(const data::RunView& run, const RunTimes& times);

/// bellwether_gate_exit_code and bellwether_gate_status (label status: 1 for the one that holds) of the gate;
/// bellwether_gate_suite_status (labels suite, metric, tier, status), bellwether_gate_suite_items, _before, _after,
/// _difference, _margin, _p_value and bellwether_gate_suite_worse, _better (suite, metric, tier).
std::string render_prometheus(const data::GateVerdict& verdict);

}  // namespace reports::formats
