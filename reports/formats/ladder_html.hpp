#pragma once

#include <string>

#include "reports/data/report.hpp"

namespace reports::formats {

/// The section of the quantisation ladder, which the report has: warnings, a chart of divergences, tables.
std::string html_ladder(const data::Report& report);

}  // namespace reports::formats
