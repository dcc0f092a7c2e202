#pragma once

#include <string>
#include <vector>

#include "reports/data/published.hpp"
#include "reports/data/run.hpp"

namespace harness::results {

/// The runs' tasks, and the groups whose tasks a run has all, with the published numbers of `model`: compared where
/// profile and number of few-shot examples agree, otherwise listed with the reason. Throws suites::SuiteError for an
/// unknown model.
reports::data::Published published_rows(const std::vector<reports::data::RunView>& runs, const std::string& model);

}  // namespace harness::results
