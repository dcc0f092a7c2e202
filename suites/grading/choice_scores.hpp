#pragma once

#include <vector>

#include "suites/task.hpp"

namespace suites::grading {

/// Scores of a document of kind choice: one response for each choice, then those after the calibration text.
Scores choice_scores(const Task::Definition& task, const Item& item, const std::vector<Response>& responses);

}  // namespace suites::grading
