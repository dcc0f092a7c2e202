#include "reports/sections/cautions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "reports/sections/cells.hpp"
#include "reports/sections/settings.hpp"
#include "reports/statistics/metric_interval.hpp"

namespace reports::sections {
namespace {

constexpr std::size_t kShownNames = 4;
/// Below it the measured coverage of intervals over clusters leaves 94 to 96 % (reports/README.md).
constexpr std::size_t kFewClusters = 10;

void add_unfinished(const data::RunView& run, std::vector<std::string>& lines) {
    if (run.complete) return;
    std::uint64_t items = 0;
    std::uint64_t planned = 0;
    for (const data::TaskView& task : run.tasks) {
        items += task.items;
        planned += std::max(task.items, task.planned);
    }
    lines.push_back(fmt::format("{} has {} of {}; its numbers are those of these items.", run_name(run), items,
                                counted(planned, "item")));
}

void add_errors(const data::RunView& run, std::vector<std::string>& lines) {
    std::uint64_t errors = 0;
    for (const data::TaskView& task : run.tasks) errors += task.errors;
    if (errors > 0)
        lines.push_back(fmt::format("{} of {} failed and {} no score; see Errors.", counted(errors, "item"),
                                    run_name(run), errors == 1 ? "has" : "have"));
}

/// Names at most a few of the things, and how many there are more.
std::string names_text(const std::vector<std::string>& names) {
    const std::size_t shown = std::min(names.size(), kShownNames);
    const std::vector<std::string> first(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown));
    return fmt::format("{}{}", fmt::join(first, ", "),
                       names.size() > shown ? fmt::format(" and {} more", names.size() - shown) : "");
}

void add_once(const std::string& name, std::vector<std::string>& names) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

/// Where the intervals are known to be unsure.
void add_unsure_intervals(const std::vector<data::RunView>& runs, std::vector<std::string>& lines) {
    std::vector<std::string> skewed;
    std::vector<std::string> clustered;
    for (const data::RunView& run : runs) {
        for (const data::TaskView& task : run.tasks) {
            for (const data::MetricValues& metric : task.metrics) {
                if (statistics::is_too_skewed(metric))
                    add_once(name_text(metric.name) + " of " + name_text(task.task), skewed);
                if (metric.clusters > 1 && metric.clusters < kFewClusters) add_once(name_text(task.task), clustered);
            }
        }
    }
    if (!skewed.empty())
        lines.push_back(
            fmt::format("The scores are few and strongly skewed, so that a rare large one may move the mean "
                        "out of its 95 % interval: {}.",
                        names_text(skewed)));
    if (!clustered.empty())
        lines.push_back(
            fmt::format("Fewer than {} clusters tell little of how much they differ, so intervals are wide "
                        "and rest on it that they are alike: {}.",
                        kFewClusters, names_text(clustered)));
}

void add_settings(const std::vector<data::RunView>& runs, std::vector<std::string>& lines) {
    std::vector<std::string> names;
    for (const FoldedDifference& difference : folded_differences(runs)) {
        add_once(difference.first.name, names);
    }
    if (names.empty()) return;
    lines.push_back(fmt::format("The runs also differ in {}; see Settings that differ.", names_text(names)));
}

}  // namespace

std::vector<std::string> cautions(const std::vector<data::RunView>& runs) {
    std::vector<std::string> lines;
    for (const data::RunView& run : runs) {
        add_unfinished(run, lines);
        if (run.imported) lines.push_back(run_name(run) + " was imported: its answers were not made here.");
        add_errors(run, lines);
        if (!run.warnings.empty())
            lines.push_back(
                fmt::format("The model file of {} has {}; see Provenance.", run_name(run),
                            run.warnings.size() == 1 ? "a warning" : fmt::format("{} warnings", run.warnings.size())));
    }
    add_unsure_intervals(runs, lines);
    add_settings(runs, lines);
    return lines;
}

}  // namespace reports::sections
