#pragma once

#include <string>
#include <vector>

#include "reports/data/run.hpp"
#include "reports/statistics/paired.hpp"

namespace reports::sections {

enum class Verdict { Worse, NotSignificant, Better };
std::string to_string(Verdict verdict);  ///< "better", "worse", "not significant"

/// A metric of a later run compared with the first run, over the documents that both scored.
struct DifferenceRow {
    const data::RunView* base = nullptr;
    const data::RunView* run = nullptr;
    const data::TaskView* task = nullptr;
    const data::MetricValues* metric = nullptr;
    statistics::Paired paired;
    Verdict verdict = Verdict::NotSignificant;
};

/// A task or metric without a paired difference between two runs, completely or in part.
struct NotCompared {
    const data::RunView* run = nullptr;  ///< the later one
    std::string task;
    std::string metric;  ///< empty: the whole task
    std::string reason;  ///< a clause that names the runs
};

struct Comparison {
    std::vector<DifferenceRow> differences;
    std::vector<NotCompared> not_compared;
};
/// Result points into `runs`. Every task and metric of the first run and of each later one is either in a difference,
/// or listed as not compared with the reason, as is every document without a partner in the other run.
Comparison compare(const std::vector<data::RunView>& runs);
/// The same of one pair of runs. Result points into both.
Comparison compare(const data::RunView& base, const data::RunView& run);

/// "better", or "not significant (minimum detectable difference 4.2 points)".
std::string verdict_text(const DifferenceRow& row);

}  // namespace reports::sections
