#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "harness/store/run_store.hpp"

namespace harness::cli {

/// Groups with the tasks in them, those of groups inside them included.
using TasksOfGroups = std::map<std::string, std::set<std::string>>;

/// The groups that a run was asked for.
TasksOfGroups groups_of(const store::RunStore& runs, const store::RunRow& run);
/// The built-in groups: for runs that know no groups of their own, such as imported logs.
TasksOfGroups builtin_groups();

/// Tasks in few words: the largest groups stand for all of their tasks, such as "mmlu (57 tasks), gsm8k".
std::string in_few_words(const std::vector<std::string>& tasks, const TasksOfGroups& groups);

}  // namespace harness::cli
