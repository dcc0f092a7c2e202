// Expected values: a separate program in Python that convolves densities on another grid, and scipy.

#include "reports/statistics/group_sequential.hpp"

#include <doctest/doctest.h>

#include <cmath>

using doctest::Approx;
using reports::statistics::sequential_boundaries;

TEST_SUITE("reports.group_sequential") {
    TEST_CASE("one look is a test of the level") {
        const auto once = sequential_boundaries({1.0}, 0.05);
        CHECK(once.proven.at(0) == Approx(1.6448536269514722).epsilon(1e-9));
    }

    TEST_CASE("boundaries of ten looks are those of another program") {
        const std::vector<double> fractions = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0};
        const auto boundaries = sequential_boundaries(fractions, 0.05);
        const std::vector<double> proven = {5.3267, 4.5154, 3.9793, 3.5562, 3.1926,
                                            2.8641, 2.5570, 2.2612, 1.9707, 1.6800};
        const std::vector<double> futile = {-3.1199, -1.9695, -1.1972, -0.6070, -0.1199, 0.3052, 0.6955, 1.0801};
        for (std::size_t look = 0; look < proven.size(); ++look) {
            CAPTURE(look);
            CHECK(boundaries.proven[look] == Approx(proven[look]).epsilon(0.003));
            if (look >= 1 && look < 9) CHECK(boundaries.futile[look] == Approx(futile[look - 1]).epsilon(0.001));
        }
        CHECK(std::isinf(boundaries.futile[0]));
        const auto strict = sequential_boundaries(fractions, 0.05 / 12);
        CHECK(strict.proven[4] == Approx(3.8599).epsilon(0.003));
        CHECK(strict.proven[9] == Approx(2.6930).epsilon(0.003));
    }

    TEST_CASE("a look without new items proves nothing") {
        const auto boundaries = sequential_boundaries({0.0, 0.5, 0.5, 1.0}, 0.05);
        CHECK(std::isinf(boundaries.proven[0]));
        CHECK(std::isinf(boundaries.proven[2]));
        CHECK(boundaries.proven[3] < 1.70);
    }
}
