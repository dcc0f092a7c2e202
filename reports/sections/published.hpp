#pragma once

#include <string>
#include <vector>

#include "reports/data/published.hpp"
#include "reports/data/run.hpp"
#include "reports/sections/table.hpp"

namespace reports::sections {

/// The rows that are compared, beside the numbers of `published.model`. No rows when none is.
Table published_table(const std::vector<data::RunView>& runs, const data::Published& published);

/// One sentence for each number that is not the same measurement; what holds for several runs is said once.
std::vector<std::string> published_left_out(const data::Published& published);

}  // namespace reports::sections
