#pragma once

#include <vector>

#include "reports/data/report.hpp"
#include "reports/sections/comparison.hpp"
#include "reports/sections/table.hpp"

namespace reports::sections {

Table score_table(const std::vector<data::RunView>& runs);
/// Groups of tasks, each with its mean.
Table group_table(const std::vector<data::RunView>& runs);
/// Items with something wrong apart from a wrong answer; no rows for what did not happen.
Table counter_table(const std::vector<data::RunView>& runs);
/// Items that failed, by reason.
Table error_table(const std::vector<data::RunView>& runs);
/// Differences from the first run. No rows with fewer than two runs.
Table difference_table(const std::vector<data::RunView>& runs, const Comparison& comparison);
Table not_compared_table(const std::vector<data::RunView>& runs, const Comparison& comparison);

/// What terminal, Markdown and page show of the report's runs alike, in the order in which it is read; what has no rows
/// is left out, but for the scores.
std::vector<Table> report_tables(const data::Report& report);

}  // namespace reports::sections
