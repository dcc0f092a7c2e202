#pragma once

#include <string>
#include <vector>

#include "reports/data/run.hpp"

namespace reports::formats {

/// Where the axis of a plot has its ticks: steps of 1, 2 or 5 times a power of ten, about four of them, that hold
/// `low` and `high`. Both are finite and low <= high.
std::vector<double> axis_ticks(double low, double high);

/// A section with one SVG per task: for each metric a line per run, the mark at its value and the 95 % interval through
/// it, above the metric's axis: 0 to 1 for rates, else what the intervals need. Empty when there is nothing to draw.
std::string forest_plots(const std::vector<data::RunView>& runs);

}  // namespace reports::formats
