#include "reports/statistics/newcombe.hpp"

#include <doctest/doctest.h>

using doctest::Approx;
using namespace reports::statistics;

namespace {

void check(const reports::data::Interval& interval, double low, double high) {
    CHECK(interval.low == Approx(low).epsilon(1e-7));
    CHECK(interval.high == Approx(high).epsilon(1e-7));
}

}  // namespace

TEST_SUITE("reports.newcombe") {
    TEST_CASE("independent samples have the published intervals") {
        // Newcombe 1998, table II, method 10: .0524 to .3339, .1705 to .8090 and -1 to -.6075. Digits: statsmodels.
        check(newcombe95(56, 70, 48, 80), 0.05243147240236498, 0.33387265403690614);
        check(newcombe95(9, 10, 3, 10), 0.1705227239345029, 0.809017973535488);
        check(newcombe95(0, 10, 10, 10), -1, -0.6075093504305241);
    }

    TEST_CASE("paired samples have the published interval") {
        // Newcombe 1998 (paired), table II, method 10: .0569 to .3404.
        check(newcombe_paired95({.both = 36, .only_first = 12, .only_second = 2, .neither = 0}), 0.05692958400323875,
              0.3404276029749408);
    }

    TEST_CASE("the correlation of pairs is corrected only where it is positive") {
        // The formulas in Python, with Wilson's intervals of statsmodels.
        check(newcombe_paired95({.both = 20, .only_first = 5, .only_second = 4, .neither = 21}), -0.09998259949645906,
              0.1387090345500229);
        check(newcombe_paired95({.both = 43, .only_first = 2, .only_second = 0, .neither = 5}), -0.03862151668544607,
              0.12937178271962418);
        check(newcombe_paired95({.both = 10, .only_first = 30, .only_second = 10, .neither = 0}), 0.15884412618516267,
              0.5905554202810486);
    }
}
