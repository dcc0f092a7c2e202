#pragma once

#include <vector>

#include "suites/row.hpp"

namespace suites::transforms {

/// One document for each prompt of a BOLD row (`domain`, `name`, `category`, `prompts`); trailing white space of the
/// prompt is removed.
std::vector<Row> bold_prompts(Row row);

}  // namespace suites::transforms
