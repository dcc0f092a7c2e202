#pragma once

#include <string>
#include <vector>

#include "reports/data/gate.hpp"
#include "reports/data/run.hpp"
#include "suites/catalog.hpp"

/// Gates by groups of tasks.
namespace harness::cli {

/// The rules of a gate without a policy: the first metric with a score per item of every task, critical, without a
/// margin. The tasks of one data set that are a group of the catalogue, such as the 57 subjects of MMLU, are one rule
/// with the group's mean. A rating or a later score is never among them.
std::vector<reports::data::GateRule> default_rules(const reports::data::RunView& run, const suites::Catalog& catalog);

/// Names of groups become their tasks, in suites without tasks and in lists of tasks. Throws base::UsageError for names
/// that nothing has, with similar ones, and for groups that are no mean over items or tasks of one metric; `path` is
/// for messages.
void resolve_names(std::vector<reports::data::GateRule>& rules, const reports::data::RunView& baseline,
                   const suites::Catalog& catalog, const std::string& path);

}  // namespace harness::cli
