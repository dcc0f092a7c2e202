#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/data/report.hpp"

namespace reports::sections {

/// What one run scores at a suite, by the metric that stands for it.
struct SuiteScore {
    std::string suite;
    std::string metric;
    bool higher_is_better = true;
    bool is_share = true;  ///< scores are within 0 to 1
    double value = 0;
    std::optional<data::Interval> ci95;
    std::size_t items = 0;
};
/// One for each suite that has a value.
std::vector<SuiteScore> suite_scores(const data::RunView& run);

/// "demo:chat (run 2) scores 0.4510 at gsm8k (exact_match).", or how many suites there are.
std::string score_headline(const data::RunView& run);
/// The report's only run: its scores with intervals, its cost, and how many comparable published numbers lie inside the
/// intervals. A sentence each.
std::vector<std::string> score_sentences(const data::Report& report);

}  // namespace reports::sections
