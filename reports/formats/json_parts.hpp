#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "reports/data/report.hpp"
#include "reports/sections/breakdown.hpp"
#include "reports/sections/comparison.hpp"

namespace reports::formats {

/// [{"task", "setting", "values"}], a value for each run; "task" is null for the runs themselves.
nlohmann::json setting_differences_json(const std::vector<data::RunView>& runs);

/// null for what is not a number, since JSON has no NaN and no infinity.
nlohmann::json number_json(const std::optional<double>& value);
/// [low, high] or null.
nlohmann::json interval_json(const std::optional<data::Interval>& interval);

/// The verdict of a report: {"headline", "findings", "cautions", "level", "comparisons", "adjustment", "suites":
/// [...]}.
nlohmann::json verdict_json(const data::Report& report, const sections::Comparison& comparison);

/// {"seconds", "prompt_tokens", "answer_tokens", "tokens_per_second", "weight_bytes", "quantisation"}; null: not known.
nlohmann::json cost_json(const data::RunView& run);

/// [{"suite", "metric", "by", "measure", "parts": [{"part", "run", "items", "value", "ci95"}]}].
nlohmann::json breakdowns_json(const std::vector<data::RunView>& runs, const sections::Comparison& comparison);

/// null for an empty text.
nlohmann::json text_or_null(const std::string& text);

/// The ratings of a study, as render_json says.
nlohmann::json ratings_json(const data::Study& study);

/// The quantisation ladder, as render_json says. The report's `ladder` is set.
nlohmann::json ladder_json(const data::Report& report);

/// The safety section, as render_json says. The report's `safety` is set.
nlohmann::json safety_json(const data::Report& report);

}  // namespace reports::formats
