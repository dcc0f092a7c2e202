#include "reports/gate/compact_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "reports/gate/tables.hpp"
#include "reports/sections/cells.hpp"

namespace reports::gate {
namespace {

using sections::Column;

/// The suite, with its metric where the gate has several of the suite.
std::string row_name(const data::GateVerdict& verdict, const data::SuiteVerdict& suite) {
    const auto rows = std::count_if(verdict.suites.begin(), verdict.suites.end(), [&](const data::SuiteVerdict& other) {
        return other.rule.suite == suite.rule.suite;
    });
    if (rows < 2) return suite.rule.suite;
    const std::string& metric = suite.metric.empty() ? suite.rule.metric : suite.metric;
    return suite.rule.suite + ": " + metric.substr(0, metric.find(" by "));
}

std::string status_text(const data::SuiteVerdict& suite) {
    const std::string status = to_string(suite.status);
    return suite.rule.tier == data::Tier::Advisory && suite.status != data::GateStatus::Pass ? status + ", advisory"
                                                                                             : status;
}

/// Large numbers, such as perplexities of a model that has not learned anything, in few digits.
std::string signed_cell(double value) {
    constexpr double kManyDigits = 1e5;
    return std::abs(value) < kManyDigits ? sections::signed_number(value) : fmt::format("{:+.2e}", value);
}

std::string bounds_cell(const std::optional<data::Interval>& bounds) {
    return bounds ? fmt::format("{} to {}", signed_cell(bounds->low), signed_cell(bounds->high)) : sections::kNone;
}

}  // namespace

sections::Table compact_suites_table(const data::GateVerdict& verdict) {
    sections::Table table{
        .heading = "Suites",
        .caption = "",
        .titles = {"suite", "verdict", "difference", "bounds", "p", "n"},
        .columns = {Column::Key, Column::Text, Column::Number, Column::Number, Column::Number, Column::Number},
        .rows = {},
        .run_of_row = {}};
    for (const data::SuiteVerdict& suite : verdict.suites)
        sections::add_row(table,
                          {row_name(verdict, suite), status_text(suite),
                           suite.difference ? signed_cell(*suite.difference) : sections::kNone,
                           bounds_cell(suite.bounds), sections::probability(suite.p), std::to_string(suite.items)},
                          0);
    return table;
}

std::vector<std::string> suite_lines(const data::GateVerdict& verdict) {
    std::vector<std::string> lines;
    for (const data::SuiteVerdict& suite : verdict.suites) {
        const bool is_unchanged = suite.status == data::GateStatus::Pass && suite.worse + suite.better == 0;
        if (is_unchanged && suite.items > 0) continue;
        std::string line = fmt::format("{} ({}{}{}): {}", suite.rule.suite, suite.metric,
                                       suite.metric.empty() ? "" : ", ", to_string(suite.rule.tier), suite.reason);
        if (suite.before && suite.after)
            line += fmt::format(". {}, now {}; {} worse, {} better{}", sections::number(suite.before),
                                sections::number(suite.after), suite.worse, suite.better,
                                suite.margin > 0 ? fmt::format("; margin {:.4g}", suite.margin) : "");
        lines.push_back(line);
    }
    return lines;
}

}  // namespace reports::gate
