#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

#include "harness/study/plan.hpp"

using namespace harness::study;

TEST_SUITE("harness.study") {
    TEST_CASE("variances of wins and shares are those of the distributions") {
        // Scores 1, 0.5, 0 with chances 0.5, 0.2, 0.3: mean 0.6, mean of squares 0.55.
        CHECK(win_variance(0.5, 0.2) == doctest::Approx(0.55 - 0.36));
        CHECK(win_variance(1, 0) == doctest::Approx(0));
        CHECK(win_variance(0, 1) == doctest::Approx(0));
        CHECK(share_variance(0.1) == doctest::Approx(0.09));
    }

    TEST_CASE("the number of items agrees with the textbook where raters add nothing or everything") {
        // 1.96^2 0.25 / 0.05^2 = 384.1: the well-known 385 of a poll.
        CHECK(items_for({.variance = 0.25, .correlation = 1, .raters = 3}, 0.05) == 385);
        CHECK(items_for({.variance = 0.25, .correlation = 0, .raters = 1}, 0.05) == 385);
        CHECK(items_for({.variance = 0.25, .correlation = 0, .raters = 5}, 0.05) == 77);
        CHECK(items_for({.variance = 0, .correlation = 0, .raters = 5}, 0.05) == 1);
        CHECK(half_width({.variance = 0.25, .correlation = 1, .raters = 2}, 385) ==
              doctest::Approx(0.05).epsilon(0.01));
    }

    TEST_CASE("raters are as many as the ratings need and at least as many as an item has") {
        const PlannedStudy study{.variance = 0.25, .correlation = 0.5, .raters = 3};
        CHECK(raters_for(study, 100, 50) == 6);
        CHECK(raters_for(study, 100, 49) == 7);
        CHECK(raters_for(study, 10, 1000) == 3);
    }

    TEST_CASE("the planned width is that of simulated studies") {
        // Each item has its own chance of a yes, Beta(1, 1): mean 1/2, and the correlation of two raters is 1/3.
        const PlannedStudy study{.variance = share_variance(0.5), .correlation = 1.0 / 3, .raters = 3};
        constexpr int kItems = 200;
        constexpr int kStudies = 4000;
        std::mt19937_64 random(1);
        std::uniform_real_distribution<double> unit(0, 1);
        double sum_of_squares = 0;
        for (int one = 0; one < kStudies; ++one) {
            double yes = 0;
            for (int item = 0; item < kItems; ++item) {
                const double chance = unit(random);
                for (int rater = 0; rater < 3; ++rater) yes += unit(random) < chance ? 1 : 0;
            }
            const double error = yes / (3 * kItems) - 0.5;
            sum_of_squares += error * error;
        }
        const double simulated = 1.959964 * std::sqrt(sum_of_squares / kStudies);
        // The standard error of a standard deviation of 4000 studies is 1.1 %.
        CHECK(half_width(study, kItems) == doctest::Approx(simulated).epsilon(0.04));
    }
}
