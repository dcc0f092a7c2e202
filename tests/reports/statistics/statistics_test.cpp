#include "reports/statistics/statistics.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/reports/samples.hpp"

using doctest::Approx;
using namespace reports::statistics;
using reports_test::marks;
using reports_test::Values;

namespace {

/// `right` ones among `n` scores.
Values rate(std::size_t right, std::size_t n) {
    Values values(n, 0.0);
    std::fill_n(values.begin(), right, 1.0);
    return values;
}

void check_interval(const Interval& interval, double low, double high) {
    CHECK(interval.low == Approx(low).epsilon(0.0001));
    CHECK(interval.high == Approx(high).epsilon(0.0001));
}

}  // namespace

TEST_SUITE("reports.statistics") {
    TEST_CASE("the exact McNemar test counts binomial coefficients") {
        CHECK(mcnemar_exact(1, 9) == Approx(0.021484375).epsilon(1e-12));  // 2 (1 + 10) / 2^10
        CHECK(mcnemar_exact(9, 1) == Approx(0.021484375).epsilon(1e-12));
        CHECK(mcnemar_exact(0, 5) == Approx(0.0625).epsilon(1e-12));                     // 2 / 2^5
        CHECK(mcnemar_exact(6, 16) == Approx(0.052478790283203125).epsilon(1e-12));      // 2 * 110056 / 2^22
        CHECK(mcnemar_exact(1000, 1100) == Approx(0.030720707864242296).epsilon(1e-9));  // rational arithmetic
    }

    TEST_CASE("without pairs that differ or with as many either way McNemar's p is 1") {
        CHECK(mcnemar_exact(0, 0) == 1);
        CHECK(mcnemar_exact(3, 3) == 1);
        CHECK(mcnemar_exact(1, 0) == 1);
    }

    TEST_CASE("Wilson's interval is that of published tables") {
        const auto wilson = [](std::size_t right, std::size_t n) {
            return interval95(static_cast<double>(right) / static_cast<double>(n), 0.1, rate(right, n));
        };
        check_interval(wilson(8, 10), 0.49016, 0.94332);
        // Newcombe 1998, Statistics in Medicine 17:857, table I, method 3; four decimals.
        const auto near = [](double value, double published) { return std::abs(value - published) <= 0.00005; };
        CHECK(near(wilson(81, 263).low, 0.2553));
        CHECK(near(wilson(81, 263).high, 0.3662));
        CHECK(near(wilson(15, 148).low, 0.0624));
        CHECK(near(wilson(15, 148).high, 0.1605));
        CHECK(wilson(0, 20).low == 0);
        CHECK(near(wilson(0, 20).high, 0.1611));
        CHECK(near(wilson(1, 29).low, 0.0061));
        CHECK(near(wilson(1, 29).high, 0.1718));
        CHECK(wilson(20, 20).high == 1);
    }

    TEST_CASE("scores that are not 0 or 1 have an interval by the standard error") {
        check_interval(interval95(0.5, 0.1, {0.4, 0.6}), 0.5 - 0.1959964, 0.5 + 0.1959964);
        check_interval(interval95(12, 2, {}), 12 - 3.919928, 12 + 3.919928);
        check_interval(exponential_interval95(12, 2), 12 / std::exp(0.3266607), 12 * std::exp(0.3266607));
        CHECK(exponential_interval95(4e6, 3e7).low > 0);
        check_interval(interval95(0.5, 0.1, {std::nullopt, std::nullopt}), 0.5 - 0.1959964, 0.5 + 0.1959964);
    }

    TEST_CASE("a paired difference has the standard error of the differences") {
        // Differences 0 1 0 0: mean 1/4, squares 3/16 + 9/16 = 3/4, over 3 and 4: 1/16.
        const auto paired = compare_paired(marks("1010"), marks("1110"));
        REQUIRE(paired);
        CHECK(paired->items == 4);
        CHECK(paired->difference == Approx(0.25));
        CHECK(paired->standard_error.value() == Approx(0.25));
        check_interval(paired->ci95.value(), 0.25 - 0.489991, 0.25 + 0.489991);
        CHECK(paired->minimum_detectable.value() == Approx(2.801585 * 0.25));
        CHECK(paired->higher_a == 0);
        CHECK(paired->higher_b == 1);
        CHECK(paired->mcnemar_p.value() == 1);
    }

    TEST_CASE("scores between 0 and 1 are paired without McNemar") {
        // Differences 0.1 and 0.3: mean 0.2, squares 0.02, over 1 and 2: 0.01.
        const auto paired = compare_paired({0.2, 0.4}, {0.3, 0.7});
        REQUIRE(paired);
        CHECK(paired->difference == Approx(0.2));
        CHECK(paired->standard_error.value() == Approx(0.1));
        CHECK_FALSE(paired->mcnemar_p.has_value());
        CHECK(paired->higher_b == 2);
    }

    TEST_CASE("items without a score in one run are counted and left out") {
        const auto paired = compare_paired(marks("1-10-"), marks("0-1--"));
        REQUIRE(paired);
        CHECK(paired->items == 2);
        CHECK(paired->only_scored_a == 1);
        CHECK(paired->only_scored_b == 0);
        CHECK(compare_paired(marks("11"), marks("0011"))->only_scored_b == 2);
    }

    TEST_CASE("no common item is no comparison") {
        CHECK_FALSE(compare_paired({}, {}).has_value());
        CHECK_FALSE(compare_paired(marks("--"), marks("--")).has_value());
        CHECK_FALSE(compare_paired(marks("1-"), marks("-1")).has_value());
    }

    TEST_CASE("one item has a difference but no error and no verdict") {
        const auto paired = compare_paired({0.0}, {1.0});
        REQUIRE(paired);
        CHECK(paired->difference == 1);
        CHECK_FALSE(paired->standard_error.has_value());
        CHECK_FALSE(paired->ci95.has_value());
        CHECK_FALSE(paired->minimum_detectable.has_value());
        CHECK(direction_of(*paired) == Direction::NotSeen);
    }

    TEST_CASE("marks that all agree do not claim to know the difference exactly") {
        // Agresti and Min: half an item in each cell, so sqrt(1 / 66) / sqrt(66) = 1 / 66 for 64 items.
        const auto paired = compare_paired(rate(60, 64), rate(60, 64));
        REQUIRE(paired);
        CHECK(paired->standard_error.value() == 0);
        check_interval(paired->ci95.value(), -1.959964 / 66, 1.959964 / 66);
        CHECK(paired->minimum_detectable.value() == Approx(2.801585 / 66));
        CHECK(direction_of(*paired) == Direction::NotSeen);
    }

    TEST_CASE("a run that has everything right where the other has nothing is above it") {
        // Cells 0.5 and 48.5 of 50: difference 0.96, standard error sqrt(49 / 50 - 0.9216) / sqrt(50) = 0.0341760.
        const auto paired = compare_paired(rate(0, 48), rate(48, 48));
        REQUIRE(paired);
        CHECK(paired->difference == 1);
        CHECK(paired->ci95->low == Approx(0.96 - 1.959964 * 0.0341760));
        CHECK(paired->ci95->high == 1);
        CHECK(direction_of(*paired) == Direction::Above);
        CHECK(direction_of(*compare_paired(rate(48, 48), rate(0, 48))) == Direction::Below);
    }

    TEST_CASE("the same difference on every item needs enough items to be seen") {
        CHECK(direction_of(*compare_paired(rate(0, 5), rate(5, 5))) == Direction::NotSeen);  // p = 2 / 2^5
        CHECK(direction_of(*compare_paired(rate(0, 6), rate(6, 6))) == Direction::Above);    // p = 2 / 2^6
        CHECK(direction_of(*compare_paired(Values(5, 0.25), Values(5, 0.5))) == Direction::NotSeen);
        CHECK(direction_of(*compare_paired(Values(6, 0.25), Values(6, 0.5))) == Direction::Above);
        CHECK_FALSE(compare_paired(Values(6, 0.25), Values(6, 0.5))->ci95.has_value());
        CHECK(direction_of(*compare_paired(Values(6, 0.25), Values(6, 0.25))) == Direction::NotSeen);
    }

    TEST_CASE("marks are called different only when the exact test agrees with the interval") {
        // 7 against 1 of 10: difference 0.6 +- 0.4333 leaves out 0, but p = 2 * 9 / 2^8.
        const auto paired = compare_paired(marks("1000000000"), marks("0111111100"));
        REQUIRE(paired);
        CHECK(paired->ci95->low > 0);
        CHECK(paired->mcnemar_p.value() == Approx(0.0703125));
        CHECK(direction_of(*paired) == Direction::NotSeen);
    }
}
