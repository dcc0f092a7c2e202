#pragma once

#include <cstddef>
#include <vector>

#include "suites/definition/task_definition.hpp"

namespace suites::rendering {

/// The indices of a row's correct choices, ascending, each once, at least one. Never another choice than the one
/// that the row names: throws SuiteError with the reason alone for a label, index or mask that does not fit `count`
/// choices.
std::vector<std::size_t> correct_choices(const definition::Gold& gold, const Row& row, std::size_t count);

}  // namespace suites::rendering
