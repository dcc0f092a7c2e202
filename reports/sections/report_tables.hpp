#pragma once

#include <string>
#include <vector>

#include "reports/data/run.hpp"
#include "reports/sections/summary.hpp"
#include "reports/sections/table.hpp"

namespace reports::sections {

/// What terminal, Markdown and page show alike.
Table summary_table(const std::vector<data::RunView>& runs);
/// Groups of tasks, each with its mean.
Table group_table(const std::vector<data::RunView>& runs);
/// Items with something wrong apart from a wrong answer; no rows for what did not happen.
Table counter_table(const std::vector<data::RunView>& runs);
/// Against the first run. No rows with fewer than two runs.
Table difference_table(const std::vector<data::RunView>& runs, const Comparison& comparison);
Table not_compared_table(const std::vector<data::RunView>& runs, const Comparison& comparison);

/// Four decimals; "–" for what is no number.
std::string number(double value);
std::string number(const std::optional<double>& value);
std::string range(const std::optional<statistics::Interval>& interval);
/// "better", or "no difference seen (could have seen 4.2 points)".
std::string verdict_text(const DifferenceRow& row);

}  // namespace reports::sections
