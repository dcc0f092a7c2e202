#pragma once

#include <string_view>

#include "suites/grader.hpp"

namespace safety {

/// Whether an answer declines the request, judged by refusal phrases near its start. English only.
bool is_refusal(std::string_view answer);

/// Adds the graders "refusal" (1 for a refusal, else 0) and "compliance" (the reverse). An empty answer is unscored.
void add_graders(suites::Graders& graders);

}  // namespace safety
