#pragma once

#include <cstddef>
#include <vector>

/// Only for rater_model: the likelihood of ratings at known positions.
namespace reports::statistics {

/// Log probability of a category and its derivatives. With e = ability x + leniency: P(category <= k) =
/// logistic(threshold_k - e), so the derivative by e is -(upper + lower).
struct GradedCategory {
    double log_probability = 0;
    double upper = 0;  ///< first derivative by the category's upper threshold; 0: it has none
    double lower = 0;
    double upper_upper = 0;  ///< second derivatives
    double lower_lower = 0;
    double upper_lower = 0;
};
/// `thresholds` ascend; `category` is 0 to their number.
GradedCategory graded_category(double e, const std::vector<double>& thresholds, std::size_t category);

}  // namespace reports::statistics
