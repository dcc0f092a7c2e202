#pragma once

#include <cstddef>
#include <string>

#include "reports/data/report.hpp"
#include "reports/statistics/corrected_rate.hpp"
#include "reports/statistics/relative_grade.hpp"

/// Scorers and results of statistics in words.
namespace reports::sections {

/// Hostile text.
const std::string& scorer_name(const data::Report& report, std::size_t scorer);

/// Why there is no combined rate: "not combined: 40 labels, at least 100 are needed".
std::string refusal_text(const statistics::RateRefusal& refusal);

/// "Excellent", "Very good", "Good", "Fair", "Poor".
const char* to_string(statistics::Grade grade);
/// The grade, or "not decided: Good to Poor".
std::string grade_text(const statistics::RelativeGrade& grade);
/// "0.5000 to 2.1000"; "from 0.5000" without an upper end.
std::string ratio_range(const statistics::RatioInterval& interval);

}  // namespace reports::sections
