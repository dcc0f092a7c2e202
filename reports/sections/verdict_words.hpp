#pragma once

#include <string>
#include <vector>

#include "reports/data/report.hpp"
#include "reports/sections/verdict.hpp"

namespace reports::sections {

/// What a report says first. Sentences of hostile text, the same in all formats.
struct VerdictWords {
    std::string headline;  ///< empty: there is no run
    std::vector<std::string> findings = {};
    std::vector<std::string> cautions = {};  ///< see cautions()
};

/// Two runs: at what the second is better, worse or not decided, and the cost of both. More runs: a sentence for each
/// against the first. One run: its scores, and how many published numbers they agree with. A difference is claimed only
/// where `SuiteVerdict::verdict` does.
VerdictWords verdict_words(const data::Report& report, const ReportVerdict& verdict);

/// "4.2 points" of 0.01 for shares, else "4.2": a difference without its sign.
std::string amount_text(const SuiteVerdict& row, double difference);
/// "gsm8k (exact_match)", "mmlu (acc, 57 tasks)".
std::string suite_text(const SuiteVerdict& row);

}  // namespace reports::sections
