#pragma once

#include <string>

#include "suites/definition/fields.hpp"
#include "suites/task.hpp"

namespace suites::definition {

/// A metric of a task, with the information for grading.
struct Metric {
    std::string name;    ///< with the filter, such as "exact_match,strict-match"
    std::string filter;  ///< empty: grades the whole output
    Rule rule = Rule::Best;
    Scope scope = Scope::All;
    Overlap overlap = Overlap::None;
    std::size_t samples = 1;  ///< K of pass@K
};

/// Reads `metrics` of a task after its other fields. Throws SuiteError.
void read_metrics(const Fields& fields, Task::Definition& task);

}  // namespace suites::definition
