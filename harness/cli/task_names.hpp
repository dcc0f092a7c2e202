#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "harness/store/run_store.hpp"

namespace harness::cli {

/// Groups with their tasks, including those of nested groups.
using TasksOfGroups = std::map<std::string, std::set<std::string>>;

/// The groups that a run was started with.
TasksOfGroups groups_of(const store::RunStore& runs, const store::RunRow& run);
/// The built-in groups, for runs without stored groups, such as imported logs.
TasksOfGroups builtin_groups();

/// A short list of tasks: the largest groups replace all of their tasks, such as "mmlu (57 tasks), gsm8k".
std::string in_few_words(const std::vector<std::string>& tasks, const TasksOfGroups& groups);

}  // namespace harness::cli
