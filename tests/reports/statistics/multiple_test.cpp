#include "reports/statistics/multiple.hpp"

#include <doctest/doctest.h>

using doctest::Approx;
using namespace reports::statistics;

namespace {

void check_equal(const std::vector<double>& values, const std::vector<double>& expected) {
    REQUIRE(values.size() == expected.size());
    for (std::size_t i = 0; i < values.size(); ++i) CHECK(values[i] == Approx(expected[i]));
}

}  // namespace

TEST_SUITE("reports.multiple") {
    TEST_CASE("Holm's adjusted p values by hand") {
        // Sorted .005 .01 .03 .04 times 4 3 2 1: .02 .03 .06 .04, then no smaller than the one before.
        check_equal(holm({0.01, 0.04, 0.03, 0.005}), {0.03, 0.06, 0.06, 0.02});
        check_equal(holm({0.6, 0.7}), {1, 1});
        check_equal(holm({}), {});
    }

    TEST_CASE("Benjamini and Hochberg's adjusted p values equal SciPy's") {
        // scipy.stats.false_discovery_control
        check_equal(benjamini_hochberg({0.01, 0.04, 0.03, 0.005}), {0.02, 0.04, 0.04, 0.02});
        check_equal(benjamini_hochberg({0.9}), {0.9});
    }

    TEST_CASE("Benjamini and Hochberg reject four of their example's fifteen and Holm three") {
        // Benjamini and Hochberg 1995, section 3.2, level .05.
        const std::vector<double> p = {0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
                                       0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000};
        const auto rejected = [](const std::vector<double>& adjusted) {
            std::size_t count = 0;
            for (const double value : adjusted) count += value <= 0.05 ? 1 : 0;
            return count;
        };
        CHECK(rejected(benjamini_hochberg(p)) == 4);
        CHECK(rejected(holm(p)) == 3);
    }
}
