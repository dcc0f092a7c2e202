#pragma once

#include <span>
#include <vector>

namespace reports::statistics {

/// How much two different categories agree: 1 for the same, 0 for the most distant pair. The definitions are those of
/// Gwet (2014, "Handbook of Inter-Rater Reliability", 4th edition, chapter 3). x is a category's score, k its position.
enum class Weights {
    Identity,   ///< nominal: 0 for any two different categories
    Linear,     ///< 1 - |x - y| / range
    Quadratic,  ///< 1 - (x - y)^2 / range^2: the interval scale
    Ordinal,    ///< 1 - C(|k - l| + 1, 2) / C(q, 2): by rank alone
    Radical,    ///< 1 - sqrt(|x - y| / range)
    Ratio,      ///< 1 - ((x - y) / (x + y))^2 / ((max - min) / (max + min))^2; scores above 0
    Circular,   ///< 1 - sin^2(pi (x - y) / (range + 1)), scaled: the last category is next to the first
    Bipolar,    ///< 1 - (x - y)^2 / ((x + y - 2 min) (2 max - x - y)), scaled
};

/// [category, category], symmetric.
using WeightMatrix = std::vector<std::vector<double>>;

/// Weights between the categories of a scale. `scores` has one number a category, strictly ascending.
WeightMatrix agreement_weights(Weights weights, std::span<const double> scores);

/// Krippendorff's own ordinal metric as weights, 1 - delta^2 / max delta^2 with
/// delta(c, k) = n_c + ... + n_k - (n_c + n_k) / 2 (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability").
/// Unlike Weights::Ordinal it depends on how often each category was used. `totals` counts the ratings a category; all
/// weights are 1 if no two categories were used.
WeightMatrix ordinal_metric_weights(std::span<const double> totals);

}  // namespace reports::statistics
