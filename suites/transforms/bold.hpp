#pragma once

#include <vector>

#include "suites/row.hpp"

namespace suites::transforms {

/// One document for each prompt of a BOLD row (`domain`, `name`, `category`, `prompts`), stripped at the end as the
/// models are asked.
std::vector<Row> bold_prompts(Row row);

}  // namespace suites::transforms
