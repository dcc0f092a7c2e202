#pragma once

#include <string>
#include <vector>

#include "suites/task.hpp"

namespace suites::rendering {

/// Reads a task's data and renders every document. Throws SuiteError.
std::vector<Item> render(const Task& task, const DataFolders& folders, const Task::RenderOptions& options);

/// All mistakes of the data, at most `max`.
std::vector<std::string> check(const Task& task, const DataFolders& folders, std::size_t max);

}  // namespace suites::rendering
