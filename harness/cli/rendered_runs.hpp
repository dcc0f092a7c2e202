#pragma once

#include <string>

#include "reports/data/report.hpp"

namespace harness::cli {

/// The report in the format of the path's ending. Throws UsageError for an unknown one.
std::string render_as(const reports::data::Report& report, const std::string& path);

}  // namespace harness::cli
