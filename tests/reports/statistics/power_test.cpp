#include "reports/statistics/power.hpp"

#include <doctest/doctest.h>

using doctest::Approx;
using namespace reports::statistics;

TEST_SUITE("reports.power") {
    TEST_CASE("three points are found by 969 items where only items differ") {
        // Miller 2024, section 5: variance 1/9 between items, nothing within, 5 % two-sided, 80 % power.
        CHECK(needed_items({.between_items = 1.0 / 9}, 0.03) == 969);
        CHECK(needed_items({.between_items = 1.0 / 9}, -0.03) == 969);
    }

    TEST_CASE("repeats divide only the variance within items") {
        PairedDesign design{.between_items = 1.0 / 9, .within_a = 1.0 / 6, .within_b = 1.0 / 6};
        CHECK(needed_items(design, 0.03) == 3876);  // SciPy: 3875.99
        design.repeats_a = design.repeats_b = 10;
        CHECK(needed_items(design, 0.03) == 1260);  // SciPy: 1259.70
        CHECK(item_variance({.between_items = 0.1, .within_a = 0.2, .within_b = 0.3, .repeats_a = 2, .repeats_b = 3}) ==
              Approx(0.3));
    }

    TEST_CASE("the detectable difference is that of the formula and smaller for one side") {
        const PairedDesign design{.between_items = 1.0 / 9, .within_a = 1.0 / 6, .within_b = 0.2, .repeats_b = 2};
        CHECK(detectable_difference(design, 500) == Approx(0.0770082118229924));  // SciPy
        CHECK(detectable_difference(design, 500, {.sides = Sides::One}) == Approx(0.06834665656923324));
    }

    TEST_CASE("1319 items with 10 % discordance find 2 points at 74 % and 3 points at 96 %") {
        // One-sided 5 %; the variance of the difference is the discordance less the squared difference.
        const TestLevel one_sided{.sides = Sides::One};
        const auto chance = [&](double drop) {
            return *chance_to_find({.between_items = 0.1 - drop * drop}, drop, 1319, one_sided);
        };
        CHECK(chance(0.02) == Approx(0.7443158531219815));  // SciPy
        CHECK(chance(0.03) == Approx(0.965329232437906));
        CHECK_FALSE(chance_to_find({}, 0.02, 100));
    }

    TEST_CASE("the needed items find the difference at the wanted power and one fewer does not") {
        const PairedDesign design{.between_items = 0.08, .within_a = 0.05, .within_b = 0.05, .repeats_a = 3};
        const std::size_t items = needed_items(design, 0.02, {.power = 0.9});
        CHECK(*chance_to_find(design, 0.02, items) >= 0.9);
        CHECK(*chance_to_find(design, 0.02, items - 1) < 0.9);
        CHECK(detectable_difference(design, items, {.power = 0.9}) <= 0.02);
    }
}
