#pragma once

#include <string>
#include <vector>

#include "reports/data/published.hpp"
#include "reports/data/run.hpp"
#include "reports/sections/table.hpp"

namespace reports::sections {

/// The comparable rows, with the numbers of `published.model`. No rows if none is comparable.
Table published_table(const std::vector<data::RunView>& runs, const data::Published& published);

/// One sentence for each number that is not comparable; a reason shared by several runs is given once.
std::vector<std::string> published_left_out(const data::Published& published);

}  // namespace reports::sections
