#pragma once

#include <string>
#include <string_view>

#include "reports/data/gate.hpp"
#include "reports/data/run.hpp"

namespace harness::cli {

/// A policy from its JSON. Throws base::UsageError with every mistake, one a line; `path` is for messages.
reports::data::GatePolicy parse_policy(std::string_view text, const std::string& path);

/// The policy that a gate without one has for this run, with every field written out.
std::string policy_text(const reports::data::RunView& run);

}  // namespace harness::cli
