#pragma once

#include <string>

#include "reports/data/report.hpp"

namespace harness::cli {

/// Throws UsageError for a path whose ending names no format of a report.
void check_ending(const std::string& path);

/// The report in the format that the path's ending names. Throws UsageError for an unknown ending.
std::string render_as(const reports::data::Report& report, const std::string& path);

}  // namespace harness::cli
