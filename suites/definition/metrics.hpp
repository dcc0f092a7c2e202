#pragma once

#include <string>

#include "suites/definition/fields.hpp"
#include "suites/task.hpp"

namespace suites::definition {

/// A metric of a task, with what grading needs to know of it.
struct Metric {
    std::string name;    ///< with the filter, "exact_match,strict-match"
    std::string filter;  ///< empty: the output as it is
    Rule rule = Rule::Best;
    Scope scope = Scope::All;
    Overlap overlap = Overlap::None;
    std::size_t samples = 1;  ///< K of pass@K
};

/// Reads `metrics` of a task whose other fields are read. Throws SuiteError.
void read_metrics(const Fields& fields, Task::Definition& task);

}  // namespace suites::definition
