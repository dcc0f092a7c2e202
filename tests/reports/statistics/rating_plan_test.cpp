#include "reports/statistics/rating_plan.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "reports/statistics/counter_random.hpp"

using doctest::Approx;
using namespace reports::statistics;

TEST_SUITE("reports.rating_plan") {
    TEST_CASE("the paper's interval of one to two points needs about four thousand prompts") {
        // 35.9 / 31.5 / 32.5 of 4,173 prompts: half a width of 1 to 2 % (section 3.4.2).
        const RatingDesign design{.variance = win_rate_variance(0.359, 0.315), .rater_correlation = 0.5};
        CHECK(design.variance == Approx(0.359 + 0.315 / 4 - 0.5165 * 0.5165));
        const double half = expected_width(design, 4173) / 2;
        CHECK(half > 0.01);
        CHECK(half < 0.02);
    }

    TEST_CASE("one rater of unrelated items needs the textbook number") {
        // 1.96^2 * .25 / .05^2 = 384.1 for a rate of one half, +- 5 points
        const RatingDesign design{.variance = share_variance(0.5), .raters = 1};
        CHECK(needed_rated_items(design, 0.1) == 385);
    }

    TEST_CASE("three raters save a third of the items at a correlation of one half") {
        CHECK(design_effect({.raters = 3, .rater_correlation = 0.5}) == Approx(2.0 / 3));
        CHECK(design_effect({.raters = 3, .rater_correlation = 0}) == Approx(1.0 / 3));
        CHECK(design_effect({.raters = 3, .rater_correlation = 1}) == Approx(1));
        CHECK(design_effect({.raters = 1, .items_per_prompt = 4, .prompt_correlation = 0.5}) == Approx(2.5));
    }

    TEST_CASE("more raters need fewer items and more ratings") {
        const auto plans = rating_plans({.variance = 0.2, .rater_correlation = 0.4}, 0.04, 5);
        REQUIRE(plans.size() == 5);
        for (std::size_t i = 1; i < plans.size(); ++i) {
            CHECK(plans[i].items < plans[i - 1].items);
            CHECK(plans[i].ratings > plans[i - 1].ratings);
            CHECK(plans[i].raters == i + 1);
        }
    }

    TEST_CASE("the planned width is the spread of simulated means") {
        // Three raters copy the item's own vote with probability sqrt(.5), which correlates two of them by .5.
        const RatingDesign design{.variance = 0.25, .raters = 3, .rater_correlation = 0.5};
        constexpr std::size_t kItems = 50;
        constexpr std::size_t kStudies = 2000;
        double squares = 0;
        for (std::uint64_t study = 0; study < kStudies; ++study) {
            double mean = 0;
            for (std::uint64_t item = 0; item < kItems; ++item) {
                const auto uniform = [&](std::uint64_t use) {
                    return random_unit(random_bits(study, item, use));
                };
                for (std::uint64_t rater = 1; rater <= 3; ++rater) {
                    const double vote = uniform(rater) < std::sqrt(0.5) ? uniform(0) : uniform(rater + 10);
                    mean += vote < 0.5 ? 1.0 / (3 * kItems) : 0;
                }
            }
            squares += (mean - 0.5) * (mean - 0.5) / kStudies;
        }
        // The standard error of a standard deviation of 2,000 values is 1.6 %.
        CHECK(2 * 1.96 * std::sqrt(squares) == Approx(expected_width(design, kItems)).epsilon(0.065));
    }
}
