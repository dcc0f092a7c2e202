#pragma once

#include <string>
#include <vector>

#include "suites/catalog.hpp"

namespace harness::cli {

/// The built-in tasks and those of `folders`. Throws SuiteError for mistakes in a folder.
suites::Catalog task_catalog(const std::vector<std::string>& folders = {});

/// A comma list of names in which lm-evaluation-harness's task names are replaced by ours where they differ, unless the
/// catalogue has a task of that name.
std::string in_our_names(const suites::Catalog& catalog, const std::string& comma_list);

/// The tasks of a comma list of names. Throws SuiteError for unknown names.
std::vector<suites::Task> select_tasks(const suites::Catalog& catalog, const std::string& comma_list);

}  // namespace harness::cli
