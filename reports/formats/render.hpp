#pragma once

#include <string>

#include "reports/data/report.hpp"

namespace reports::formats {

/// Table of tasks x metrics x runs with value, standard error and 95 % interval; for two or more runs the paired
/// differences from the first, and what could not be compared with the reason; published numbers where the report has
/// them. Plain text for a terminal, no colour; hostile names are harmless in all of these.
std::string render_terminal(const data::Report& report);
std::string render_markdown(const data::Report& report);
/// The same as JSON in ASCII, indented by 2: {"runs": [as render_run_json], "differences": [{"task", "metric", "base",
/// "run", "items", "difference", "stderr", "ci95", "mcnemar_p", "only_base", "only_run", "minimum_detectable",
/// "verdict"}], "not_compared": [{"task", "metric", "base", "run", "reason"}], "published": [...] and "items": [...]
/// where the report has them}. Unknown values are null.
std::string render_json(const data::Report& report);
/// One self-contained page: no network, no external file, light and dark, a plot, browsable items.
std::string render_html(const data::Report& report);
/// `show RUN --json` of the report's first run, one line of ASCII: {"run", "model", "tasks": [{"task", "profile",
/// "fewshot", "items", "errors", "metrics": [{"name", "value", "stderr", "ci95"}]}]}. "stderr" and "ci95" are null
/// where a single item cannot tell.
std::string render_run_json(const data::Report& report);

/// Counts for each task, then every item that differs, with the place where strings part. One line per string.
std::string render_terminal(const data::RunDifference& difference);
/// {"first", "second", "tolerance", "identical", "tasks": [{"task", "compared", "counts", "items": [...]}], ...}
std::string render_json(const data::RunDifference& difference);

}  // namespace reports::formats
