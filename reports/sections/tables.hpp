#pragma once

#include <vector>

#include "reports/data/report.hpp"
#include "reports/sections/comparison.hpp"
#include "reports/sections/table.hpp"

namespace reports::sections {

Table score_table(const std::vector<data::RunView>& runs);
/// Groups of tasks, each with its mean.
Table group_table(const std::vector<data::RunView>& runs);
/// Items with a problem other than a wrong answer; counters of 0 are left out.
Table counter_table(const std::vector<data::RunView>& runs);
/// Items that failed, by reason.
Table error_table(const std::vector<data::RunView>& runs);
/// Differences from the first run. No rows with fewer than two runs.
Table difference_table(const std::vector<data::RunView>& runs, const Comparison& comparison);
Table not_compared_table(const std::vector<data::RunView>& runs, const Comparison& comparison);

/// The tables of a report between its verdict and its differences, in reading order. Empty tables are left out, except
/// the scores.
std::vector<Table> detail_tables(const data::Report& report);

/// The tables of a report, in reading order, for a terminal. Empty tables are left out,
/// except the scores.
std::vector<Table> report_tables(const data::Report& report);

}  // namespace reports::sections
