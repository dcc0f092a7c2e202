#pragma once

#include <string>
#include <vector>

#include "reports/data/report.hpp"
#include "reports/sections/breakdown.hpp"
#include "reports/sections/verdict.hpp"

namespace reports::formats {

/// The first screen: the verdict in words beside its plot, then the plot's numbers as a table and what was not
/// compared.
std::string html_verdict(const data::Report& report, const sections::Comparison& comparison);

/// Suites and tasks by their parts: a plot above each table. Empty without breakdowns.
std::string html_breakdowns(const std::vector<data::RunView>& runs, const std::vector<sections::Breakdown>& breakdowns);

}  // namespace reports::formats
