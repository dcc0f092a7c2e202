#pragma once

#include <string>

#include "harness/scoring/reward_evaluation.hpp"

namespace harness::cli {

/// Prints an evaluation. Its first line says whether the model beats the best baseline.
void print_evaluation(const std::string& name, const scoring::RewardEvaluation& evaluation);

}  // namespace harness::cli
