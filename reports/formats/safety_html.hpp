#pragma once

#include <string>

#include "reports/data/report.hpp"

namespace reports::formats {

/// The safety section of the page: charts with their tables. The report's `safety` is set.
std::string html_safety(const data::Report& report);

}  // namespace reports::formats
