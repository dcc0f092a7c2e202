#pragma once

#include <string>

#include "reports/data/report.hpp"

namespace harness::cli {

/// The report in the format that the path's ending names. Throws UsageError for an unknown ending.
std::string render_as(const reports::data::Report& report, const std::string& path);

}  // namespace harness::cli
