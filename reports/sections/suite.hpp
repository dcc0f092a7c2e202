#pragma once

#include <string>
#include <vector>

#include "reports/data/run.hpp"

namespace reports::sections {

/// What a verdict counts as one suite: a task, or a group whose number is the mean over the documents of its tasks,
/// such as the 57 subjects of MMLU.
struct Suite {
    std::string name;
    std::vector<const data::TaskView*> tasks;  ///< of the run; one, or those of the group
    const data::GroupView* group = nullptr;    ///< nullptr for a task
};

/// The suites of a run, in the order of their first tasks; each task is in one, the largest. Result points into `run`.
std::vector<Suite> suites_of(const data::RunView& run);

/// The metric that stands for a task: its own first one with a score per item, or else its own first one. Scores that
/// were given afterwards stand for none. nullptr if there is none.
const data::MetricValues* headline_metric(const data::TaskView& task);

}  // namespace reports::sections
