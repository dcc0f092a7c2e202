#include "reports/sections/cautions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "reports/sections/cells.hpp"
#include "reports/sections/settings.hpp"

namespace reports::sections {
namespace {

constexpr std::size_t kShownSettings = 4;

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

void add_settings(const std::vector<data::RunView>& runs, std::vector<std::string>& lines) {
    std::vector<std::string> names;
    for (const FoldedDifference& difference : folded_differences(runs)) {
        const std::string& name = difference.first.name;
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
    if (names.empty()) return;
    const std::size_t shown = std::min(names.size(), kShownSettings);
    const std::vector<std::string> first(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(shown));
    lines.push_back(fmt::format("The runs also differ in {}{}; see Settings that differ.", fmt::join(first, ", "),
                                names.size() > shown ? fmt::format(" and {} more", names.size() - shown) : ""));
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
    add_settings(runs, lines);
    return lines;
}

}  // namespace reports::sections
