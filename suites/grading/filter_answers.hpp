#pragma once

#include <optional>
#include <string>
#include <vector>

#include "suites/definition/filter.hpp"

namespace suites::grading {

/// What stands in the place of an answer that could not be taken out of an output.
inline constexpr const char* kInvalid = "[invalid]";

/// Answers of one document's samples; nullopt is a failed extraction.
using Answers = std::vector<std::optional<std::string>>;

/// The samples after every step of the filter. A failed extraction stays one.
Answers filter_answers(const definition::Filter& filter, const std::vector<std::string>& outputs);

}  // namespace suites::grading
