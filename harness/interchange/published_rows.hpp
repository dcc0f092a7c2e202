#pragma once

#include <optional>
#include <string>
#include <vector>

#include "reports/comparison.hpp"
#include "reports/statistics.hpp"
#include "suites/published.hpp"

namespace harness::interchange {

/// A run's number beside a published one. Rates from 0 to 1, perplexities as they are.
struct PublishedRow {
    std::int64_t run = 0;
    std::string variant;
    std::string task;  ///< or a group's
    std::string metric;
    double value = 0;
    reports::Interval ci95;
    suites::PublishedValue published;
    double expected = 0;       ///< the published value, or what an erroneous one should be
    std::string not_compared;  ///< why the two do not measure the same; empty: they do

    double difference() const { return value - expected; }
    /// The published value is inside the run's interval.
    bool inside() const { return expected >= ci95.low && expected <= ci95.high; }
};

/// The runs' tasks, and the groups all of whose tasks a run has, beside the numbers of `model`, which are compared
/// where profile and examples agree and listed with the reason where they do not. Throws suites::SuiteError for an
/// unknown model.
std::vector<PublishedRow> published_rows(const std::vector<reports::RunView>& runs, const std::string& model);

/// A table for a terminal.
std::string published_text(const std::vector<PublishedRow>& rows, const std::string& model);
std::string published_markdown(const std::vector<PublishedRow>& rows, const std::string& model);
/// A section of a page, all text escaped.
std::string published_html(const std::vector<PublishedRow>& rows, const std::string& model);
/// [{"run", "task", "metric", "value", "ci95", "published", "difference", "inside", "source", "table", ...}]
std::string published_json(const std::vector<PublishedRow>& rows);

}  // namespace harness::interchange
