#pragma once

#include <cstddef>
#include <vector>

namespace reports::statistics {

/// What is known or assumed of a study before anybody rates.
struct RatingDesign {
    double variance = 0.25;  ///< of one rating of one item: win_rate_variance or share_variance
    std::size_t raters = 3;  ///< ratings of each item
    /// Intraclass correlation of two raters' ratings of one item, 0 to 1. People's votes on MT-bench answers, with wins
    /// 1 and ties 0.5, have 0.57 (one-way analysis of variance of ../shared/data/mt-bench-votes).
    double rater_correlation = 0.5;
    double items_per_prompt = 1;    ///< items (pairs of answers) that share a prompt
    double prompt_correlation = 0;  ///< correlation of the means of two items of a prompt
};

/// Variance of a rating with 1 for a win, 0.5 for a tie and 0 for a loss: win + tie / 4 - (win + tie / 2)^2.
double win_rate_variance(double win, double tie);
/// Variance of a rating that is 1 with probability `share`, else 0.
double share_variance(double share);

/// Variance of the mean of all items, as a multiple of the variance with one rating of each of as many unrelated items:
/// (1 + (k - 1) r) / k * (1 + (m - 1) r_p), k raters of correlation r, m items a prompt of correlation r_p (Kish 1965,
/// "Survey Sampling", section 5.4).
double design_effect(const RatingDesign& design);

/// Items of which the 95 % interval of the mean is at most `width` wide from end to end: design effect * variance *
/// (2 * 1.96 / width)^2, rounded up. `width` is above 0.
std::size_t needed_rated_items(const RatingDesign& design, double width);

/// Width of the 95 % interval from end to end with `items` > 0 items: 2 * 1.96 sqrt(design effect * variance / items).
double expected_width(const RatingDesign& design, std::size_t items);

struct RatingPlan {
    std::size_t raters = 0;  ///< of each item
    std::size_t items = 0;
    std::size_t ratings = 0;  ///< of all raters
};
/// What each number of raters from 1 to `max_raters` needs for the width. More raters save items, never ratings.
std::vector<RatingPlan> rating_plans(const RatingDesign& design, double width, std::size_t max_raters);

}  // namespace reports::statistics
