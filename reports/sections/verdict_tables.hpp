#pragma once

#include <vector>

#include "reports/data/run.hpp"
#include "reports/sections/table.hpp"
#include "reports/sections/verdict.hpp"

namespace reports::sections {

/// A row for each suite and later run; what the first plot shows. No rows with fewer than two runs.
Table verdict_table(const std::vector<data::RunView>& runs, const ReportVerdict& verdict);

}  // namespace reports::sections
