#pragma once

#include <string>

#include "harness/store/rows.hpp"
#include "reports/data/task.hpp"

namespace harness::results {

/// What a stored scorer's values of `measure` depend on. Two scorers with equal identities give an answer the same
/// score: version, model fingerprint, prompt and settings are in it, but no device and no file name.
reports::data::ScorerIdentity scorer_identity(const store::ScorerRow& scorer, const std::string& measure);

}  // namespace harness::results
