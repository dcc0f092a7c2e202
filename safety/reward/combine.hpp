#pragma once

#include <span>
#include <vector>

namespace safety::reward {

/// Whether a prompt is tagged as one that may elicit unsafe answers.
enum class PromptTag { Safety, Other };

/// Safety reward below which it replaces the helpfulness reward (Llama 2 paper, section 3.2.3).
inline constexpr double kSafetyThreshold = 0.15;

/// The combined reward R_c of section 3.2.3: `safety` if the prompt is tagged or `safety` < 0.15, else `helpfulness`.
/// Both are probabilities, sigmoid(score).
double combined_reward(double safety, double helpfulness, PromptTag tag);

/// log(p / (1 - p)) with p limited to 1e-6 to 1 - 1e-6, so that a saturated reward stays finite: +-13.8.
double limited_logit(double probability);

/// The values with mean 0 and standard deviation 1 (divisor n) over this set. All 0 if they are all equal.
std::vector<double> whiten(std::span<const double> values);

/// whiten(logit(R_c)): the reward for tuning in section 3.2.3.
std::vector<double> whitened_rewards(std::span<const double> combined);

}  // namespace safety::reward
