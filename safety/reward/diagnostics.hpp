#pragma once

#include <optional>
#include <span>
#include <vector>

#include "safety/reward/accuracy.hpp"
#include "safety/reward/pair.hpp"

namespace safety::reward {

/// Pearson's correlation. nullopt for fewer than two values or if one side does not vary.
std::optional<double> pearson(std::span<const double> a, std::span<const double> b);
/// Spearman's correlation: Pearson's of the ranks, where equal values share the mean of their ranks.
std::optional<double> spearman(std::span<const double> a, std::span<const double> b);

/// How far a reward follows a property that it should not.
struct Association {
    std::optional<double> pearson;
    std::optional<double> spearman;
};
Association association(std::span<const double> rewards, std::span<const double> property);

/// Associations of an answer's reward with properties that a reward model can exploit. Spans [answers].
struct StyleAssociations {
    Association length;
    Association refusal;
    Association lists;
};
struct StyleProperties {
    std::span<const double> length;   ///< in characters or tokens
    std::span<const double> refusal;  ///< 1 for a refusal, or a degree of it
    std::span<const double> lists;    ///< lines that start with a list marker, or their share
};
StyleAssociations style_associations(std::span<const double> rewards, const StyleProperties& properties);

/// Accuracy over the pairs whose longer answer is at most 10 % longer than the other: where length cannot help. Two
/// empty answers match. `lengths` by feature row.
Tally length_matched_accuracy(std::span<const double> differences, std::span<const Pair> pairs,
                              std::span<const double> lengths);

/// How often an answer has a higher reward under its own prompt than under another prompt. A reward model that judges
/// style alone does not see the difference. Both spans [answers].
Tally swapped_prompt_accuracy(std::span<const double> own_prompt, std::span<const double> other_prompt);

}  // namespace safety::reward
