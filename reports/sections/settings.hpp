#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "reports/data/run.hpp"
#include "reports/sections/table.hpp"

namespace reports::sections {

/// A setting that is not the same in all runs.
struct SettingDifference {
    std::string task;  ///< empty: of the runs themselves
    std::string name;  ///< "seed"; of a field of the task's definition "task definition: prompt"
    std::vector<std::optional<std::string>> values;  ///< by run; none: the run lacks the setting, or the task
};

/// Settings of the runs, then of each task that several runs have: its version, profile, number of few-shot examples,
/// settings and definition.
std::vector<SettingDifference> setting_differences(const std::vector<data::RunView>& runs);

/// Differences of one name in several tasks, as one.
struct FoldedDifference {
    SettingDifference first;  ///< that of the first task
    std::size_t tasks = 0;
    std::vector<std::string> shown;  ///< its values by run; long ones are cut to the place where they part
};
std::vector<FoldedDifference> folded_differences(const std::vector<data::RunView>& runs);

/// What tells these runs apart, for a list of them: a line for each, such as "seed 5, prompt \"Q: {{q}}\"", at most
/// three settings. A value that more than half of the runs have is left out, so the line of the usual run is empty.
std::vector<std::string> distinguishing_texts(const std::vector<data::RunView>& runs);

/// Those differences as a table. No rows with fewer than two runs, or without a difference.
Table setting_difference_table(const std::vector<data::RunView>& runs);

/// The settings that all runs share; of a single run all that it has.
Table settings_table(const std::vector<data::RunView>& runs);

}  // namespace reports::sections
