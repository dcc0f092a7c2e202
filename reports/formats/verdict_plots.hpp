#pragma once

#include <vector>

#include "reports/data/run.hpp"
#include "reports/formats/chart.hpp"
#include "reports/sections/breakdown.hpp"
#include "reports/sections/verdict.hpp"

namespace reports::formats {

/// The plot of a verdict: gains over the first run by suite, or the scores of a single run. Suites whose scores are not
/// within 0 to 1 have another scale and are only plotted where there are no others. At most one figure.
std::vector<Figure> verdict_figure(const std::vector<data::RunView>& runs, const sections::ReportVerdict& verdict);

/// A suite by its parts.
Figure breakdown_figure(const std::vector<data::RunView>& runs, const sections::Breakdown& breakdown);

/// The tasks' own metrics where a task has several: paired gains over the first run, a figure for each task and kind of
/// scale.
std::vector<Figure> difference_figures(const std::vector<data::RunView>& runs, const sections::Comparison& comparison);

}  // namespace reports::formats
