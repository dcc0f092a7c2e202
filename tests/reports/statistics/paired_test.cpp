#include "reports/statistics/paired.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/reports/samples.hpp"
#include "tests/reports/statistics/check_interval.hpp"

using doctest::Approx;
using namespace reports::statistics;
using reports_test::marks;
using reports_test::Values;

namespace {

/// `correct` ones among `n` scores.
Values rate(std::size_t correct, std::size_t n) {
    Values values(n, 0.0);
    std::fill_n(values.begin(), correct, 1.0);
    return values;
}

}  // namespace

TEST_SUITE("reports.paired") {
    TEST_CASE("the exact McNemar test counts binomial coefficients") {
        CHECK(mcnemar_exact(1, 9) == Approx(0.021484375).epsilon(1e-12));  // 2 (1 + 10) / 2^10
        CHECK(mcnemar_exact(9, 1) == Approx(0.021484375).epsilon(1e-12));
        CHECK(mcnemar_exact(0, 5) == Approx(0.0625).epsilon(1e-12));                     // 2 / 2^5
        CHECK(mcnemar_exact(6, 16) == Approx(0.052478790283203125).epsilon(1e-12));      // 2 * 110056 / 2^22
        CHECK(mcnemar_exact(1000, 1100) == Approx(0.030720707864242296).epsilon(1e-9));  // rational arithmetic
    }

    TEST_CASE("McNemar's p is 1 without differing pairs or with equally many either way") {
        CHECK(mcnemar_exact(0, 0) == 1);
        CHECK(mcnemar_exact(3, 3) == 1);
        CHECK(mcnemar_exact(1, 0) == 1);
    }

    TEST_CASE("a paired difference has the standard error of the differences") {
        // Differences 0 1 0 0: mean 1/4, squares 3/16 + 9/16 = 3/4, over 3 and 4: 1/16.
        const auto paired = compare_paired(marks("1010"), marks("1110"));
        REQUIRE(paired);
        CHECK(paired->items == 4);
        CHECK(paired->difference == Approx(0.25));
        CHECK(paired->standard_error.value() == Approx(0.25));
        check_interval(paired->ci95.value(), 0.25 - 0.7956116, 1);  // t of three degrees of freedom: 3.182446
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

    TEST_CASE("without a common item there is no comparison") {
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
        CHECK(outcome_of(*paired) == Outcome::NotSignificant);
    }

    TEST_CASE("0/1 scores that all agree have an interval that is not a point") {
        // Agresti and Min: half an item in each cell, so sqrt(1 / 66) / sqrt(66) = 1 / 66 for 64 items.
        const auto paired = compare_paired(rate(60, 64), rate(60, 64));
        REQUIRE(paired);
        CHECK(paired->standard_error.value() == 0);
        check_interval(paired->ci95.value(), -1.959964 / 66, 1.959964 / 66);
        CHECK(paired->minimum_detectable.value() == Approx(2.801585 / 66));
        CHECK(outcome_of(*paired) == Outcome::NotSignificant);
    }

    TEST_CASE("a run with all correct is above one with none correct") {
        // Cells 0.5 and 48.5 of 50: difference 0.96, standard error sqrt(49 / 50 - 0.9216) / sqrt(50) = 0.0341760.
        const auto paired = compare_paired(rate(0, 48), rate(48, 48));
        REQUIRE(paired);
        CHECK(paired->difference == 1);
        CHECK(paired->ci95->low == Approx(0.96 - 1.959964 * 0.0341760));
        CHECK(paired->ci95->high == 1);
        CHECK(outcome_of(*paired) == Outcome::Above);
        CHECK(outcome_of(*compare_paired(rate(48, 48), rate(0, 48))) == Outcome::Below);
    }

    TEST_CASE("the same difference on every item needs enough items to be significant") {
        CHECK(outcome_of(*compare_paired(rate(0, 5), rate(5, 5))) == Outcome::NotSignificant);  // p = 2 / 2^5
        CHECK(outcome_of(*compare_paired(rate(0, 6), rate(6, 6))) == Outcome::Above);           // p = 2 / 2^6
        CHECK(outcome_of(*compare_paired(Values(5, 0.25), Values(5, 0.5))) == Outcome::NotSignificant);
        CHECK(outcome_of(*compare_paired(Values(6, 0.25), Values(6, 0.5))) == Outcome::Above);
        CHECK_FALSE(compare_paired(Values(6, 0.25), Values(6, 0.5))->ci95.has_value());
        CHECK(outcome_of(*compare_paired(Values(6, 0.25), Values(6, 0.25))) == Outcome::NotSignificant);
    }

    TEST_CASE("0/1 scores differ significantly only if the exact test agrees with the interval") {
        // 7 against 1 of 10: scipy.stats.t.interval is 0.0998 to 1.1002 and leaves out 0, but p = 2 * 9 / 2^8.
        const auto paired = compare_paired(marks("1000000000"), marks("0111111100"));
        REQUIRE(paired);
        CHECK(paired->ci95->low > 0);
        CHECK(paired->mcnemar_p.value() == Approx(0.0703125));
        CHECK(outcome_of(*paired) == Outcome::NotSignificant);
    }

    TEST_CASE("the interval of a difference of scores within 0 to 1 stays within -1 to 1") {
        // Differences 1 0.9 1: mean 0.966667, standard error 0.033333; the upper end would be 1.032.
        const auto paired = compare_paired({0.0, 0.05, 0.0}, {1.0, 0.95, 1.0});
        REQUIRE(paired);
        check_interval(paired->ci95.value(), 0.9666667 - 4.302653 * 0.0333333, 1);
        const auto wide = compare_paired({0.0, 10.0}, {20.0, 40.0});
        CHECK(wide->ci95->high > 1);
    }

    TEST_CASE("pooled parts are the comparison of all their items") {
        // numpy and scipy.stats: mean, std(ddof=1) / sqrt(n) and binomtest of the twelve differences.
        const auto first = compare_paired(marks("11001"), marks("10111"));
        const auto second = compare_paired(marks("0010100"), marks("1011110"));
        REQUIRE(first);
        REQUIRE(second);
        const Paired whole = pooled({*first, *second});
        CHECK(whole.items == 12);
        CHECK(whole.mean_a == Approx(0.4166666666666667));
        CHECK(whole.difference == Approx(0.3333333333333333));
        CHECK(whole.standard_error.value() == Approx(0.18802535827258873));
        CHECK(whole.higher_b == 5);
        CHECK(whole.higher_a == 1);
        CHECK(whole.mcnemar_p.value() == Approx(0.21875));
        CHECK(difference_p(whole) == Approx(0.21875));
    }

    TEST_CASE("pooled parts of other scores have Student's test") {
        // scipy.stats.ttest_1samp of the seven differences.
        const auto first = compare_paired({1.5, 2.0, 3.5}, {1.0, 2.5, 3.0});
        const auto second = compare_paired({10.0, 12.0, 9.0, 11.0}, {11.0, 14.0, 9.5, 12.0});
        REQUIRE(first);
        REQUIRE(second);
        const Paired whole = pooled({*first, *second});
        CHECK(whole.difference == Approx(0.5714285714285714));
        CHECK(whole.standard_error.value() == Approx(0.33502969713024494));
        CHECK_FALSE(whole.mcnemar_p.has_value());
        CHECK(difference_p(whole) == Approx(0.13895995716070692));
    }

    TEST_CASE("p is Student's of the paired differences and 1 for a single item") {
        // scipy.stats.ttest_rel.
        const auto paired = compare_paired({0.1, 0.4, 0.35, 0.8, 0.9, 0.2}, {0.3, 0.5, 0.30, 0.9, 1.0, 0.6});
        REQUIRE(paired);
        CHECK(difference_p(*paired) == Approx(0.06824866270516486));
        CHECK(difference_p(*compare_paired({0.25}, {0.5})) == 1);
        CHECK(difference_p(*compare_paired(Values(6, 0.25), Values(6, 0.5))) == Approx(2.0 / 64));
    }

    TEST_CASE("a stricter level detects only larger differences") {
        const auto paired = compare_paired(marks("1100110010"), marks("1010101011"));
        REQUIRE(paired);
        CHECK(detectable_at(*paired, 0.05).value() == Approx(paired->minimum_detectable.value()));
        // norm.ppf(1 - .05 / 6) + norm.ppf(.8) over norm.ppf(.975) + norm.ppf(.8).
        CHECK(detectable_at(*paired, 0.05 / 3).value() ==
              Approx(1.1549179416254884 * paired->minimum_detectable.value()));
        CHECK_FALSE(detectable_at(*compare_paired(marks("1"), marks("0")), 0.05).has_value());
    }
}
