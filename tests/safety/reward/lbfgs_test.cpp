#include "safety/reward/lbfgs.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "safety/reward/error.hpp"

using namespace safety::reward;

namespace {

/// x' A x / 2 - b' x with A symmetric and positive definite.
double quadratic(std::span<const double> x, std::span<double> gradient) {
    constexpr std::array<std::array<double, 4>, 4> kA = {
        {{4, 1, 0, 0.5}, {1, 3, -1, 0}, {0, -1, 5, 0.25}, {0.5, 0, 0.25, 2}}};
    constexpr std::array<double, 4> kB = {1, -2, 3, 4};
    double value = 0;
    for (std::size_t row = 0; row < 4; ++row) {
        double product = 0;
        for (std::size_t column = 0; column < 4; ++column) product += kA[row][column] * x[column];
        gradient[row] = product - kB[row];
        value += x[row] * (product / 2 - kB[row]);
    }
    return value;
}

/// Rosenbrock's function in two variables: minimum 0 at (1, 1), in a curved valley.
double rosenbrock(std::span<const double> x, std::span<double> gradient) {
    const double a = 1 - x[0];
    const double b = x[1] - x[0] * x[0];
    gradient[0] = -2 * a - 400 * x[0] * b;
    gradient[1] = 200 * b;
    return a * a + 100 * b * b;
}

}  // namespace

TEST_SUITE("safety.reward") {
    // Expected: numpy.linalg.solve(A, b) and -b' A^-1 b / 2.
    TEST_CASE("the minimum of a quadratic is the solution of its linear equations") {
        const Minimum minimum = minimise(quadratic, {10, -10, 5, 0}, {.gradient_tolerance = 1e-10});
        CHECK(minimum.stop == Stop::Converged);
        CHECK(minimum.x[0] == doctest::Approx(0.15869981).epsilon(1e-7));
        CHECK(minimum.x[1] == doctest::Approx(-0.59082218).epsilon(1e-7));
        CHECK(minimum.x[2] == doctest::Approx(0.38623327).epsilon(1e-7));
        CHECK(minimum.x[3] == doctest::Approx(1.91204589).epsilon(1e-7));
        CHECK(minimum.value == doctest::Approx(-5.073613766730402).epsilon(1e-13));
        CHECK(minimum.curve.size() <= 20);
    }

    TEST_CASE("a curved valley is followed to its minimum and no step goes up") {
        const Minimum minimum = minimise(rosenbrock, {-1.2, 1}, {.gradient_tolerance = 1e-9});
        CHECK(minimum.stop == Stop::Converged);
        CHECK(minimum.x[0] == doctest::Approx(1).epsilon(1e-8));
        CHECK(minimum.x[1] == doctest::Approx(1).epsilon(1e-8));
        for (std::size_t i = 1; i < minimum.curve.size(); ++i)
            CHECK(minimum.curve[i].value <= minimum.curve[i - 1].value);
        CHECK(minimum.curve.front().value == doctest::Approx(24.2).epsilon(1e-12));  // published start value
        CHECK(minimum.curve.back().gradient_norm <= 1e-9);
    }

    TEST_CASE("the minimiser stops at the limit of iterations") {
        const Minimum minimum = minimise(rosenbrock, {-1.2, 1}, {.max_iterations = 3, .gradient_tolerance = 0});
        CHECK(minimum.stop == Stop::MaxIterations);
        CHECK(minimum.curve.size() == 4);  // the start and three iterations
        CHECK(minimum.curve.back().value < minimum.curve.front().value);
    }

    TEST_CASE("a start at the minimum takes no step") {
        const Minimum minimum = minimise(rosenbrock, {1, 1}, {});
        CHECK(minimum.stop == Stop::Converged);
        CHECK(minimum.curve.size() == 1);
    }

    TEST_CASE("a tolerance below the rounding error ends without progress instead of for ever") {
        const Function shifted = [](std::span<const double> x, std::span<double> gradient) {
            return 1e6 + quadratic(x, gradient);
        };
        const Minimum minimum = minimise(shifted, {1, 1, 1, 1}, {.max_iterations = 10000, .gradient_tolerance = 0});
        CHECK(minimum.curve.size() < 200);
        CHECK(minimum.x[3] == doctest::Approx(1.91204589).epsilon(1e-4));
    }

    TEST_CASE("a gradient with the wrong sign and values that are not finite are refused") {
        const Function wrong = [](std::span<const double> x, std::span<double> gradient) {
            gradient[0] = -2 * x[0];
            return x[0] * x[0];
        };
        CHECK(minimise(wrong, {3}, {}).stop == Stop::NoProgress);
        const Function infinite = [](std::span<const double>, std::span<double> gradient) {
            gradient[0] = 1;
            return std::numeric_limits<double>::infinity();
        };
        CHECK_THROWS_AS(minimise(infinite, {3}, {}), RewardError);
    }

    TEST_CASE("a step into a region without finite values is shortened") {
        // x - log x: minimum 1 at 1, not a number below 0. The first step from 0.01 is long.
        const Function barrier = [](std::span<const double> x, std::span<double> gradient) {
            gradient[0] = 1 - 1 / x[0];
            return x[0] - std::log(x[0]);
        };
        CHECK(minimise(barrier, {30}, {}).x[0] == doctest::Approx(1).epsilon(1e-6));
        CHECK(minimise(barrier, {0.01}, {}).x[0] == doctest::Approx(1).epsilon(1e-6));
    }
}
