#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "reports/data/report.hpp"
#include "reports/sections/comparison.hpp"

namespace reports::sections {

/// A later run compared with the first at one suite, by the metric that stands for it.
struct SuiteVerdict {
    const data::RunView* base = nullptr;
    const data::RunView* run = nullptr;
    std::string suite;
    std::string metric;
    std::size_t tasks = 1;
    bool higher_is_better = true;
    bool is_share = true;  ///< scores are within 0 to 1: a point is 0.01
    statistics::Paired paired;
    double p = 1;
    double p_adjusted = 1;  ///< by Holm, for all rows of the verdict
    /// Better or worse only if the suite's own test says so and the adjusted p is below 5 %.
    Verdict verdict = Verdict::NotSignificant;
    /// Minimum detectable difference at 80 % power, at the level of one of all rows: 5 % / number of rows.
    std::optional<double> detectable;

    /// The difference in the better direction: above 0, the later run is better.
    double gain() const { return higher_is_better ? paired.difference : 0 - paired.difference; }
    std::optional<data::Interval> gain95() const;  ///< not adjusted
};

/// What a report says first, as numbers.
struct ReportVerdict {
    std::vector<SuiteVerdict> suites;  ///< by run, then suite
};

/// Result points into `runs`, as `comparison` does. No rows with fewer than two runs.
ReportVerdict report_verdict(const std::vector<data::RunView>& runs, const Comparison& comparison);

/// The rows of one later run.
std::vector<const SuiteVerdict*> rows_of(const ReportVerdict& verdict, const data::RunView& run);

}  // namespace reports::sections
