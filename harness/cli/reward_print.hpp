#pragma once

#include <string>

#include "harness/scoring/reward_evaluation.hpp"
#include "harness/scoring/style_check.hpp"

namespace harness::cli {

/// Prints an evaluation. Its first line says whether the model beats the best baseline.
void print_evaluation(const std::string& name, const scoring::RewardEvaluation& evaluation);

/// Prints how a model does on pairs that style alone tells apart, with a warning where it does well.
void print_style(const scoring::StyleCheck& check);

}  // namespace harness::cli
