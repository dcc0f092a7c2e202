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

/// What two runs have no paired difference for, wholly or in part.
struct NotCompared {
    const data::RunView* run = nullptr;  ///< the later one
    std::string task;
    std::string metric;  ///< empty: all of the task
    std::string reason;  ///< a clause that names the runs
};

struct Comparison {
    std::vector<DifferenceRow> differences;
    std::vector<NotCompared> not_compared;
};
/// Points into `runs`. Every task and metric of the first run and of each later one is in a difference, or not compared
/// with the reason; so is every document that has no equal in the other run.
Comparison compare(const std::vector<data::RunView>& runs);

/// "better", or "not significant (minimum detectable difference 4.2 points)".
std::string verdict_text(const DifferenceRow& row);

}  // namespace reports::sections
