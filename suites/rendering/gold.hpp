#pragma once

#include <cstddef>
#include <vector>

#include "suites/definition/task_definition.hpp"

namespace suites::rendering {

/// Indices of a row's correct choices: ascending, without duplicates, at least one. Throws SuiteError with only the
/// reason when a label, index or mask does not fit `count` choices.
std::vector<std::size_t> correct_choices(const definition::Gold& gold, const Row& row, std::size_t count);

}  // namespace suites::rendering
