#pragma once

#include <cstddef>
#include <cstdint>

namespace harness::study {

/// A planned study: what is assumed of the ratings before there are any.
struct PlannedStudy {
    double variance = 0;       ///< of one rating's score over items and raters, see win_variance(), share_variance()
    double correlation = 0.5;  ///< intraclass correlation: the share of it that raters of one item have in common
    std::uint32_t raters = 3;  ///< per item
};

/// Variance of the score of a comparison, 1 for a win, 0.5 for a tie, 0 for a loss: win + tie / 4 - (win + tie / 2)^2.
/// The shares are at least 0 and sum to 1 with the losses.
double win_variance(double win, double tie);
/// Variance of a yes or no: share (1 - share).
double share_variance(double share);

/// Half the width of the 95 % interval of the mean over `items` > 0 items: z sqrt(variance (1 + (k - 1) correlation) /
/// (items k)), the variance of a mean of clusters of k (Kish 1965, "Survey Sampling", section 5.4: the design effect).
double half_width(const PlannedStudy& study, std::uint64_t items);

/// Items for an interval of at most `half_width` > 0 to either side: z^2 variance (1 + (k - 1) correlation) / (k
/// half_width^2), rounded up; at least 1.
std::uint64_t items_for(const PlannedStudy& study, double half_width);

/// Raters for `items` items of k ratings when each rates at most `items_per_rater` > 0: at least k, since nobody rates
/// an item twice.
std::uint64_t raters_for(const PlannedStudy& study, std::uint64_t items, std::uint64_t items_per_rater);

}  // namespace harness::study
