#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reports/data/gate.hpp"
#include "reports/data/run.hpp"

namespace harness::cli {

/// A policy from its JSON. Throws base::UsageError with every mistake, one a line; `path` is for messages.
reports::data::GatePolicy parse_policy(std::string_view text, const std::string& path);

/// A policy with these rules for a run, every field written out. The other metrics of its tasks are advisory rules, and
/// where scorers measured violations and over-refusals there are safety pairs.
std::string policy_text(const std::vector<reports::data::GateRule>& rules, const reports::data::RunView& run);

}  // namespace harness::cli
