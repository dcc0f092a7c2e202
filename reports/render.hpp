#pragma once

#include <string>
#include <vector>

#include "reports/comparison.hpp"

namespace reports {

/// Table of tasks x metrics x runs with value, standard error and 95 % interval; for two or more runs the
/// paired differences against the first. Plain text for a terminal (width-aware columns, no colour).
std::string render_terminal(const std::vector<RunView>& runs);
std::string render_markdown(const std::vector<RunView>& runs);
/// The same as JSON, indented by 2.
std::string render_json(const std::vector<RunView>& runs);
/// One self-contained page: no network, no external file, light and dark, an SVG plot, browsable items.
std::string render_html(const std::vector<RunView>& runs);
/// `show RUN --json`: {"run","model","tasks":[{"task","profile","fewshot","items","errors","metrics":[{"name","value","stderr","ci95"}]}]}
std::string render_run_json(const RunView& run);

}  // namespace reports
