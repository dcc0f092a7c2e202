#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "reports/data/safety.hpp"

namespace harness::results {

/// The rewards of one prompt's answers: by reward scorer (its index in Safety::scorers), then by the answer's position.
using PromptRewards = std::map<std::size_t, std::map<std::uint64_t, double>>;

/// A reward model that scored answers.
struct RewardSource {
    std::size_t scorer = 0;       ///< index in Safety::scorers
    std::string trained_on = {};  ///< hash of its training pairs; empty: unknown
    int half = 0;                 ///< 1 or 2: trained on one half of the prompts; 0: on all
    std::string half_of = {};     ///< names the division
};

/// Best-of-n curves over the prompts that have as many scored answers as most prompts with several have, or more: one
/// for each reward model, in its own unit, and both directions for the first two, whitened over these answers. Empty
/// where no prompt has several answers.
std::vector<reports::data::BestOfNCurve> best_of_n_curves(const std::vector<PromptRewards>& prompts,
                                                          const std::vector<RewardSource>& sources);

}  // namespace harness::results
