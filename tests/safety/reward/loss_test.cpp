#include "safety/reward/loss.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace safety::reward;

TEST_SUITE("safety.reward") {
    // Llama 2 paper, table 27.
    TEST_CASE("margins are those of the paper") {
        CHECK(margin_of(Margins::Small, Strength::Significantly) == 1);
        CHECK(margin_of(Margins::Small, Strength::Better) == doctest::Approx(2.0 / 3).epsilon(1e-15));
        CHECK(margin_of(Margins::Small, Strength::Slightly) == doctest::Approx(1.0 / 3).epsilon(1e-15));
        CHECK(margin_of(Margins::Small, Strength::Negligible) == 0);
        CHECK(margin_of(Margins::Large, Strength::Significantly) == 3);
        CHECK(margin_of(Margins::Large, Strength::Better) == 2);
        CHECK(margin_of(Margins::Large, Strength::Slightly) == 1);
        CHECK(margin_of(Margins::Large, Strength::Negligible) == 0);
        CHECK(margin_of(Margins::Large, Strength::Unknown) == 0);
        for (const Strength strength : {Strength::Significantly, Strength::Better, Strength::Slightly})
            CHECK(margin_of(Margins::None, strength) == 0);
    }

    TEST_CASE("the ranking loss has hand-computed values and stays finite far from zero") {
        CHECK(ranking_loss(0, 0).value == doctest::Approx(std::log(2.0)).epsilon(1e-15));
        CHECK(ranking_loss(0, 0).slope == -0.5);
        // sigmoid(ln 3) = 3 / 4
        CHECK(ranking_loss(std::log(3.0) + 2, 2).value == doctest::Approx(std::log(4.0 / 3)).epsilon(1e-14));
        CHECK(ranking_loss(std::log(3.0) + 2, 2).slope == doctest::Approx(-0.25).epsilon(1e-14));
        CHECK(ranking_loss(-1000, 0).value == 1000);
        CHECK(ranking_loss(-1000, 0).slope == -1);
        CHECK(ranking_loss(1000, 0).value == 0);
        // log1p(e^-40) = e^-40 to the last digit, where log(1 + e^-40) would be 0.
        CHECK(ranking_loss(40, 0).value == doctest::Approx(std::exp(-40.0)).epsilon(1e-14));
        CHECK(ranking_loss(40, 0).value > 0);
    }

    TEST_CASE("the safety loss is the cross-entropy of the sigmoid") {
        const double score = std::log(4.0);  // sigmoid = 4 / 5
        CHECK(safety_loss(score, Safety::Safe).value == doctest::Approx(-std::log(0.8)).epsilon(1e-14));
        CHECK(safety_loss(score, Safety::Safe).slope == doctest::Approx(-0.2).epsilon(1e-14));
        CHECK(safety_loss(score, Safety::Unsafe).value == doctest::Approx(-std::log(0.2)).epsilon(1e-14));
        CHECK(safety_loss(score, Safety::Unsafe).slope == doctest::Approx(0.8).epsilon(1e-14));
    }
}
