#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "reports/statistics/agreement.hpp"

namespace reports::statistics {

struct RaterModelSettings {
    double ability_variance = 0.25;   ///< of the normal prior of abilities around 1
    double leniency_variance = 0.25;  ///< of the normal prior of leniencies around 0
    std::size_t max_iterations = 500;
};

struct RaterAbility {
    std::size_t ratings = 0;
    /// How much the rating follows the item: 1 is a usual rater, 0 rates at random, below 0 turns the scale round.
    double ability = 1;
    double leniency = 0;  ///< above 0: rates higher than others
};

/// Posterior of an item's place on the scale, in standard deviations of all items.
struct ItemPosition {
    double mean = 0;
    double standard_deviation = 1;  ///< a difficult item has a large one, although it has as many ratings as others
};

struct RaterModel {
    std::vector<RaterAbility> raters;
    std::vector<ItemPosition> items;
    /// [category] How often a rater of mean ability and leniency would use each category for these items: a second look
    /// at the shares that weighs raters by ability.
    std::vector<double> shares;
    bool has_converged = false;  ///< no parameter moved by more than 1e-4 in the last iteration
    std::size_t iterations = 0;
};

/// A graded response model (Samejima 1969, Psychometrika Monograph 17) in which raters take the place of test items:
/// P(rating > category k) = logistic(ability x + leniency - threshold_k), x ~ N(0, 1) the item's position. The
/// thresholds are shared; their prior is N(0, 100). Marginal posterior mode by the EM algorithm (Bock and Aitkin 1981,
/// Psychometrika 46:443) over 33 points of x from -4 to 4; no random numbers. Categories that nobody used are left out.
/// nullopt if fewer than two categories are used or no item has two ratings.
std::optional<RaterModel> rater_model(const Ratings& ratings, const RaterModelSettings& settings = {});

}  // namespace reports::statistics
