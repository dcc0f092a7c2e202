#pragma once

#include <string>
#include <vector>

#include "reports/data/published.hpp"
#include "reports/data/run.hpp"

namespace harness::results {

/// The runs' tasks, and the groups all of whose tasks a run has, beside the numbers of `model`, which are compared
/// where profile and number of few-shot examples agree and listed with the reason where they do not. Throws
/// suites::SuiteError for an unknown model.
reports::data::Published published_rows(const std::vector<reports::data::RunView>& runs, const std::string& model);

}  // namespace harness::results
