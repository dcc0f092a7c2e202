#include "reports/statistics/rating_plan.hpp"

#include <algorithm>
#include <cmath>

#include "reports/statistics/normal.hpp"

namespace reports::statistics {

double win_rate_variance(double win, double tie) {
    return win + tie / 4 - std::pow(win + tie / 2, 2);
}

double share_variance(double share) {
    return share * (1 - share);
}

double design_effect(const RatingDesign& design) {
    const auto raters = static_cast<double>(design.raters);
    const double of_raters = (1 + (raters - 1) * design.rater_correlation) / raters;
    return of_raters * (1 + (design.items_per_prompt - 1) * design.prompt_correlation);
}

std::size_t needed_rated_items(const RatingDesign& design, double width) {
    const double items = design_effect(design) * design.variance * std::pow(2 * z_level() / width, 2);
    return std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(items)));
}

double expected_width(const RatingDesign& design, std::size_t items) {
    return 2 * z_level() * std::sqrt(design_effect(design) * design.variance / static_cast<double>(items));
}

std::vector<RatingPlan> rating_plans(const RatingDesign& design, double width, std::size_t max_raters) {
    std::vector<RatingPlan> plans;
    for (std::size_t raters = 1; raters <= max_raters; ++raters) {
        RatingDesign with = design;
        with.raters = raters;
        const std::size_t items = needed_rated_items(with, width);
        plans.push_back({.raters = raters, .items = items, .ratings = raters * items});
    }
    return plans;
}

}  // namespace reports::statistics
