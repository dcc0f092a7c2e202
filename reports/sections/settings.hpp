#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "reports/data/run.hpp"
#include "reports/sections/table.hpp"

namespace reports::sections {

/// A setting that differs between runs.
struct SettingDifference {
    std::string task;  ///< empty: a setting of the runs themselves
    std::string name;  ///< "seed"; for a field of the task's definition "task definition: prompt"
    std::vector<std::optional<std::string>> values;  ///< by run; nullopt: the run lacks the setting, or the task
};

/// Differing settings of the runs, then of each task that several runs have: its version, profile, number of few-shot
/// examples, settings and definition.
std::vector<SettingDifference> setting_differences(const std::vector<data::RunView>& runs);

/// Differences of one setting in several tasks, combined into one.
struct FoldedDifference {
    SettingDifference first;  ///< the difference in the first task
    std::size_t tasks = 0;
    std::vector<std::string> shown;  ///< its values by run; long ones are shortened around the place where they differ
};
std::vector<FoldedDifference> folded_differences(const std::vector<data::RunView>& runs);

/// Settings that distinguish these runs in a list: a line for each, such as "seed 5, prompt \"Q: {{q}}\"", at most
/// three settings. A value that more than half of the runs have is left out, so the line of the usual run is empty.
std::vector<std::string> distinguishing_texts(const std::vector<data::RunView>& runs);

/// The folded differences as a table. No rows with fewer than two runs, or without a difference.
Table setting_difference_table(const std::vector<data::RunView>& runs);

/// The settings of a run, then those of its tasks unless it is a log: "system prompt of TASK".
data::Settings settings_with_tasks(const data::RunView& run);

/// The settings that all runs share, those of their tasks included; for a single run, all of its settings.
Table settings_table(const std::vector<data::RunView>& runs);

}  // namespace reports::sections
