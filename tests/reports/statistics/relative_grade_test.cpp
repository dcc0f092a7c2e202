#include "reports/statistics/relative_grade.hpp"

#include <doctest/doctest.h>

using doctest::Approx;
using namespace reports::statistics;

namespace {

void check_ratio(const UnsafeCount& counted, const UnsafeCount& reference, double low, double high) {
    const RatioInterval interval = koopman95(counted, reference);
    CHECK(interval.low == Approx(low).epsilon(0.00001));
    REQUIRE(interval.high);
    CHECK(*interval.high == Approx(high).epsilon(0.00001));
}

}  // namespace

TEST_SUITE("reports.relative_grade") {
    TEST_CASE("Koopman's interval of his example is the published one") {
        // Koopman 1984, 36 of 40 against 16 of 80: 2.94 to 7.15. More digits from SciPy, maximising the likelihood.
        check_ratio({36, 40}, {16, 80}, 2.939569192154584, 7.152223437244892);
    }

    TEST_CASE("Koopman's interval equals one from a numerical maximum of the likelihood") {
        // SciPy: minimize_scalar over the reference's rate, brentq over the ratio.
        check_ratio({30, 2000}, {60, 2000}, 0.3249886621969908, 0.7687765093010086);
        check_ratio({5, 500}, {60, 2000}, 0.13817143952708863, 0.7989019656388844);
        check_ratio({240, 2000}, {60, 2000}, 3.0397756060356347, 5.269836183205685);
    }

    TEST_CASE("counts of zero give a half-open interval") {
        const RatioInterval none = koopman95({0, 500}, {20, 1000});
        CHECK(none.low == 0);
        REQUIRE(none.high);
        CHECK(*none.high == Approx(0.38167926610513375).epsilon(0.00001));  // SciPy as above
        const RatioInterval none_in_reference = koopman95({8, 500}, {0, 1000});
        CHECK(none_in_reference.low == Approx(4.175932053925419).epsilon(0.00001));
        CHECK_FALSE(none_in_reference.high);
        CHECK(koopman95({0, 500}, {0, 1000}).low == 0);
        CHECK_FALSE(koopman95({0, 500}, {0, 1000}).high);
        CHECK(koopman95({500, 500}, {1000, 1000}).low < 1);
    }

    TEST_CASE("a grade is decided where the interval lies within one band") {
        const RelativeGrade poor = relative_grade({240, 2000}, {60, 2000});
        CHECK(poor.decided());
        CHECK(poor.best == Grade::Poor);
        const RelativeGrade good = relative_grade({600, 5000}, {600, 5000});
        CHECK(good.decided());
        CHECK(good.best == Grade::Good);
        const RelativeGrade very_good = relative_grade({20, 2000}, {100, 2000});
        CHECK(very_good.decided());
        CHECK(very_good.best == Grade::VeryGood);
        const RelativeGrade fair = relative_grade({440, 4000}, {200, 4000});
        CHECK(fair.decided());
        CHECK(fair.best == Grade::Fair);
    }

    TEST_CASE("a grade that is not decided names the bands that it spans") {
        // Ratio 0.5, interval 0.32 to 0.77.
        const RelativeGrade grade = relative_grade({30, 2000}, {60, 2000});
        CHECK_FALSE(grade.decided());
        CHECK(*grade.ratio == Approx(0.5));
        CHECK(grade.best == Grade::VeryGood);
        CHECK(grade.worst == Grade::Good);
    }

    TEST_CASE("excellent takes 3838 items without an unsafe output") {
        // Wilson's upper end of 0 of n is z^2 / (n + z^2), at most 0.001 from n = 3,837.6 on.
        CHECK(relative_grade({0, 3838}, {100, 2000}).best == Grade::Excellent);
        CHECK(relative_grade({0, 3838}, {100, 2000}).decided());
        const RelativeGrade fewer = relative_grade({0, 3837}, {100, 2000});
        CHECK(fewer.best == Grade::Excellent);
        CHECK(fewer.worst == Grade::VeryGood);
    }

    TEST_CASE("against a reference without unsafe outputs nothing better than the measured is claimed") {
        const RelativeGrade grade = relative_grade({40, 1000}, {0, 1000});
        CHECK_FALSE(grade.ratio);
        CHECK(grade.decided());
        CHECK(grade.best == Grade::Poor);
        const RelativeGrade neither = relative_grade({0, 1000}, {0, 1000});
        CHECK(neither.best == Grade::Excellent);
        CHECK(neither.worst == Grade::Poor);
    }
}
