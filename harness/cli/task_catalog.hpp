#pragma once

#include <string>
#include <vector>

#include "suites/catalog.hpp"

namespace harness::cli {

/// The built-in tasks and those of `folders`. Throws SuiteError for mistakes in a folder.
suites::Catalog task_catalog(const std::vector<std::string>& folders = {});

}  // namespace harness::cli
