#include "reports/sections/verdict.hpp"

#include <algorithm>

#include "reports/sections/scores.hpp"
#include "reports/sections/suite.hpp"
#include "reports/statistics/interval.hpp"
#include "reports/statistics/multiple.hpp"
#include "reports/statistics/normal.hpp"

namespace reports::sections {
namespace {

/// The run's difference at the metric that stands for a task of the first run; nullptr: not compared.
const DifferenceRow* find_row(const Comparison& comparison, const data::RunView& run, const data::TaskView& task) {
    const data::MetricValues* metric = headline_metric(task);
    if (metric == nullptr) return nullptr;
    const auto found =
        std::find_if(comparison.differences.begin(), comparison.differences.end(), [&](const DifferenceRow& row) {
            return row.run == &run && row.metric->name == metric->name && same_task(*row.task, task);
        });
    return found == comparison.differences.end() ? nullptr : &*found;
}

/// Whether the rows are of one metric, whose items may be pooled.
bool agree(const DifferenceRow& a, const DifferenceRow& b) {
    return a.metric->name == b.metric->name && a.metric->higher_is_better == b.metric->higher_is_better;
}

bool is_share(const DifferenceRow& row) {
    return statistics::is_share(row.metric->values);
}

SuiteVerdict suite_verdict(const std::string& name, const std::vector<const DifferenceRow*>& rows) {
    const DifferenceRow& first = *rows.front();
    SuiteVerdict verdict;
    verdict.base = first.base;
    verdict.run = first.run;
    verdict.suite = name;
    verdict.metric = first.metric->name;
    verdict.tasks = rows.size();
    verdict.higher_is_better = first.metric->higher_is_better;
    verdict.is_share = std::all_of(rows.begin(), rows.end(), [](const DifferenceRow* row) { return is_share(*row); });
    std::vector<statistics::Paired> parts;
    parts.reserve(rows.size());
    for (const DifferenceRow* row : rows) parts.push_back(row->paired);
    verdict.paired = parts.size() == 1 ? parts.front() : statistics::pooled(parts);
    verdict.p = statistics::difference_p(verdict.paired);
    return verdict;
}

/// Tasks of the suite whose metric is another than that of the first one are rows of their own.
void add_suite(const Comparison& comparison, const data::RunView& run, const Suite& suite, ReportVerdict& verdict) {
    std::vector<const DifferenceRow*> together;
    for (const data::TaskView* task : suite.tasks) {
        const DifferenceRow* row = find_row(comparison, run, *task);
        if (row == nullptr) continue;
        if (!together.empty() && !agree(*together.front(), *row)) {
            verdict.suites.push_back(suite_verdict(task->task, {row}));
        } else {
            together.push_back(row);
        }
    }
    if (!together.empty()) verdict.suites.push_back(suite_verdict(suite.name, together));
}

void decide(SuiteVerdict& row, std::size_t tests) {
    row.detectable = statistics::detectable_at(row.paired, statistics::kLevel / static_cast<double>(tests));
    const statistics::Outcome outcome = statistics::outcome_of(row.paired);
    if (outcome == statistics::Outcome::NotSignificant || row.p_adjusted >= statistics::kLevel) return;
    row.verdict = row.gain() > 0 ? Verdict::Better : Verdict::Worse;
}

}  // namespace

std::optional<data::Interval> SuiteVerdict::gain95() const {
    if (!paired.ci95 || higher_is_better) return paired.ci95;
    return data::Interval{-paired.ci95->high, -paired.ci95->low};
}

ReportVerdict report_verdict(const std::vector<data::RunView>& runs, const Comparison& comparison) {
    ReportVerdict verdict;
    if (runs.empty()) return verdict;
    const std::vector<Suite> suites = suites_of(runs.front());
    for (std::size_t i = 1; i < runs.size(); ++i) {
        for (const Suite& suite : suites) add_suite(comparison, runs[i], suite, verdict);
    }
    std::vector<double> p;
    for (const SuiteVerdict& row : verdict.suites) p.push_back(row.p);
    const std::vector<double> adjusted = statistics::holm(p);
    for (std::size_t i = 0; i < p.size(); ++i) {
        verdict.suites[i].p_adjusted = adjusted[i];
        decide(verdict.suites[i], p.size());
    }
    return verdict;
}

std::vector<const SuiteVerdict*> rows_of(const ReportVerdict& verdict, const data::RunView& run) {
    std::vector<const SuiteVerdict*> rows;
    for (const SuiteVerdict& row : verdict.suites) {
        if (row.run == &run) rows.push_back(&row);
    }
    return rows;
}

}  // namespace reports::sections
