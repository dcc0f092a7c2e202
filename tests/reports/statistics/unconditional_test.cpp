// Expected values: a program in Python with scipy, which sums all tables for 2,001 shares.

#include "reports/statistics/unconditional.hpp"

#include <doctest/doctest.h>

using doctest::Approx;
using reports::statistics::mcnemar_mid_p;
using reports::statistics::unconditional_p;

TEST_SUITE("reports.unconditional") {
    TEST_CASE("the mid-p counts half of the table seen") {
        CHECK(mcnemar_mid_p(9, 3) == Approx(0.046142578125));  // (220 / 2 + 66 + 12 + 1) / 4096
        CHECK(mcnemar_mid_p(0, 0) == 0.5);
    }

    TEST_CASE("the unconditional p is near the mid-p and mostly below the exact one of McNemar") {
        // McNemar's exact: .0730, .00805, .01459, .03125, .04937.
        CHECK(unconditional_p(9, 3, 100) == Approx(0.044811480565504096).epsilon(1e-3));
        CHECK(unconditional_p(31, 14, 100) == Approx(0.005612234296668136).epsilon(1e-3));
        CHECK(unconditional_p(79, 53, 1319) == Approx(0.011873485429856034).epsilon(1e-3));
        CHECK(unconditional_p(5, 0, 200) == Approx(0.014766390274786231).epsilon(1e-3));
        CHECK(unconditional_p(20, 10, 30) == Approx(0.04937857335269453).epsilon(1e-3));
        CHECK(unconditional_p(0, 0, 100) == 1);
    }
}
