#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "safety/refusal/refusal.hpp"

namespace safety::refusal {

/// An answer with its prompt and a person's label.
struct PromptedAnswer {
    std::string_view prompt;
    std::string_view answer;
    Refusal label = Refusal::FullCompliance;
};

inline constexpr int kFolds = 5;

/// What the detector finds in each answer with limits that were fitted on the answers of other prompts: prompts are
/// dealt to five folds by their SHA-256, and for each fold four limits (list items, items for each caution, share of
/// substance, cautions beside a corrected premise) are chosen by macro-F1 on the other four. The phrases are not fitted
/// here.
std::vector<Refusal> cross_validated(std::span<const PromptedAnswer> answers);

}  // namespace safety::refusal
