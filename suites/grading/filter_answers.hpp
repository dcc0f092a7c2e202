#pragma once

#include <optional>
#include <string>
#include <vector>

#include "suites/definition/filter.hpp"

namespace suites::grading {

/// Replaces an answer that could not be extracted, as in lm-evaluation-harness.
inline constexpr const char* kInvalid = "[invalid]";

/// Answers of one document's samples; nullopt is a failed extraction.
using Answers = std::vector<std::optional<std::string>>;

/// Applies all steps of the filter to the samples. A failed extraction stays failed.
Answers filter_answers(const definition::Filter& filter, const std::vector<std::string>& outputs);

}  // namespace suites::grading
