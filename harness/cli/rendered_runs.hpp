#pragma once

#include <string>
#include <vector>

#include "reports/data/report.hpp"

namespace harness::cli {

/// What is shown of `views`, with published numbers of the model `against` unless that is empty.
reports::data::Report report_of(std::vector<reports::data::RunView> views, const std::string& against);

/// The report in the format of the path's ending. Throws UsageError for an unknown one.
std::string render_as(const reports::data::Report& report, const std::string& path);

}  // namespace harness::cli
