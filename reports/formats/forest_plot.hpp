#pragma once

#include <string>
#include <vector>

#include "reports/data/run.hpp"

namespace reports::formats {

/// Ticks of a plot's axis: about four, in steps of 1, 2 or 5 times a power of ten, that enclose `low` and `high`. Both
/// are finite and low <= high.
std::vector<double> axis_ticks(double low, double high);

/// A section with one SVG per task: for each metric a line per run, with a mark at its value and its 95 % interval,
/// above the metric's axis: 0 to 1 for rates, otherwise the range of the intervals. Empty when there is nothing to
/// draw. `left_out`: names of tasks that are plotted elsewhere.
std::string forest_plots(const std::vector<data::RunView>& runs, const std::vector<std::string>& left_out = {});

}  // namespace reports::formats
