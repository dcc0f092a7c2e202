#pragma once

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

/// Those differences, where they are in several tasks with the first task's values. Long values are cut to the place
/// where they part. No rows with fewer than two runs, or without a difference.
Table setting_difference_table(const std::vector<data::RunView>& runs);

/// The settings that all runs share; of a single run all that it has.
Table settings_table(const std::vector<data::RunView>& runs);

}  // namespace reports::sections
