#pragma once

#include <string>

#include "reports/data/report.hpp"

namespace reports::formats {

/// The numbers of a report as one table of comma-separated values with a header: a row for each metric of a task in
/// each run ("score"), each group ("group") and each paired difference from the first run ("difference"). Columns: row,
/// run, model, base (of a difference), task, profile, metric, items, errors, value, stderr, ci95_low, ci95_high,
/// mcnemar_p, verdict. What does not apply is empty. Cells are as reports::text::csv_text writes them.
std::string render_csv(const data::Report& report);

}  // namespace reports::formats
