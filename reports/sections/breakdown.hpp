#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "reports/data/run.hpp"
#include "reports/sections/comparison.hpp"
#include "reports/sections/table.hpp"

namespace reports::sections {

/// A part of a suite in one run.
struct PartValue {
    std::size_t run = 0;  ///< index of the run
    double value = 0;     ///< the gain over the first run, above 0: better; with a single run its score
    std::optional<data::Interval> ci95;
    std::size_t items = 0;
};

/// A subject or category.
struct Part {
    std::string name;  ///< hostile text
    std::vector<PartValue> values;
};

/// A suite divided into its tasks (subjects), or a task divided by the category of its items.
struct Breakdown {
    std::string suite;
    std::string metric;
    std::string parts_are;  ///< "task", "category"
    bool higher_is_better = true;
    bool is_share = true;                 ///< a point is 0.01
    bool is_difference = false;           ///< values are gains
    std::vector<std::string> tasks = {};  ///< of the suite, if they are its parts
    std::vector<Part> parts;              ///< largest value of the first run that has one first
};

/// Of suites and tasks with 3 to 100 parts, by the metric that stands for them. With several runs the paired gains over
/// the first run, as in `comparison`, else the scores of the run.
std::vector<Breakdown> breakdowns(const std::vector<data::RunView>& runs, const Comparison& comparison);

/// Its numbers.
Table breakdown_table(const std::vector<data::RunView>& runs, const Breakdown& breakdown);

/// Tasks that are parts of a breakdown.
std::vector<std::string> tasks_in(const std::vector<Breakdown>& breakdowns);

}  // namespace reports::sections
