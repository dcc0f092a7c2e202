#pragma once

#include <string>
#include <vector>

#include "reports/comparison.hpp"

namespace reports {

/// Table of tasks x metrics x runs with value, standard error and 95 % interval; for two or more runs the paired
/// differences against the first, and what could not be compared with the reason. Plain text for a terminal (columns as
/// wide as their text, no colour); hostile names are harmless in all of these.
std::string render_terminal(const std::vector<RunView>& runs);
std::string render_markdown(const std::vector<RunView>& runs);
/// The same as JSON in ASCII, indented by 2: {"runs": [as render_run_json], "differences": [{"task", "metric", "base",
/// "run", "items", "difference", "stderr", "ci95", "mcnemar_p", "only_base", "only_run", "minimum_detectable",
/// "verdict"}], "not_compared": [{"task", "metric", "base", "run", "reason"}]}. What is not known is null.
std::string render_json(const std::vector<RunView>& runs);
/// One self-contained page: no network, no external file, light and dark, a plot, browsable items. `more` is trusted
/// markup of further sections, which follow the comparison.
std::string render_html(const std::vector<RunView>& runs, const std::string& more = "");
/// `show RUN --json`, one line of ASCII: {"run", "model", "tasks": [{"task", "profile", "fewshot", "items", "errors",
/// "metrics": [{"name", "value", "stderr", "ci95"}]}]}. "stderr" and "ci95" are null where one item cannot tell.
std::string render_run_json(const RunView& run);

}  // namespace reports
