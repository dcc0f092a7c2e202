#include "safety/reward/objective.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "safety/reward/error.hpp"
#include "safety/reward/lbfgs.hpp"
#include "tests/safety/reward/planted.hpp"

using namespace safety::reward;

namespace {

/// Six pairs, also used in the numpy computation that the expected values come from: row 2i is chosen in pair i.
const std::vector<float> kSixPairs = {1.5F,  -0.5F, 2,     0.5F, 0.25F,  -1,    -1,    2,  0.5F, 0.75F, -1.5F, 1.25F,
                                      2,     1,     -0.5F, 1,    1.5F,   0.5F,  0.25F, -2, 1,    -0.5F, 0.5F,  -1.5F,
                                      1.25F, 0.75F, 0,     -2,   -0.25F, 1.75F, 0,     1,  -1,   1.5F,  0.5F,  0.25F};

std::vector<Pair> six_pairs() {
    return {{0, 1, Strength::Significantly, SafetyBin::ChosenSafe, 0},
            {2, 3, Strength::Better, SafetyBin::BothSafe, 1},
            {4, 5, Strength::Slightly, SafetyBin::Unknown, 2},
            {6, 7, Strength::Negligible, SafetyBin::BothUnsafe, 3},
            {8, 9, Strength::Significantly, SafetyBin::ChosenSafe, 4},
            {10, 11, Strength::Slightly, SafetyBin::BothSafe, 5}};
}

DenseDesign unscaled_design() {
    std::vector<std::uint32_t> rows(12);
    for (std::uint32_t row = 0; row < rows.size(); ++row) rows[row] = row;
    return {{kSixPairs, 3}, rows, {std::vector<double>(3, 0), std::vector<double>(3, 1)}};
}

/// Largest difference between the gradient and central finite differences.
double gradient_error(const Objective& objective, std::vector<double> x) {
    std::vector<double> gradient(objective.size());
    std::vector<double> ignored(objective.size());
    objective(x, gradient);
    double worst = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        constexpr double kStep = 1e-5;
        const double middle = x[i];
        x[i] = middle + kStep;
        const double above = objective(x, ignored);
        x[i] = middle - kStep;
        const double below = objective(x, ignored);
        x[i] = middle;
        worst = std::max(worst, std::abs((above - below) / (2 * kStep) - gradient[i]));
    }
    return worst;
}

}  // namespace

TEST_SUITE("safety.reward") {
    TEST_CASE("the gradient agrees with finite differences for all margins and weights and scalings") {
        // 13 rows of 11 features: neither is a multiple of the block sizes of the sums. Means far from 0.
        constexpr std::size_t kDim = 11;
        Planted planted = plant(7, kDim, 2, 5);
        for (std::size_t i = 0; i < planted.values.size(); ++i)
            planted.values[i] = planted.values[i] * static_cast<float>(1 + i % kDim) + 3;
        const auto pairs = [&] {
            std::vector<Pair> result = planted.pairs;
            for (std::size_t i = 0; i < result.size(); ++i) {
                result[i].strength = static_cast<Strength>(i % kStrengths);
                result[i].bin = static_cast<SafetyBin>(i % 3);
            }
            return result;
        }();
        std::vector<std::uint32_t> rows;
        for (const Pair& pair : pairs) {
            rows.push_back(pair.chosen);
            rows.push_back(pair.rejected);
        }
        std::vector<double> x;
        for (std::size_t i = 0; i <= kDim; ++i) x.push_back(normal_at(9, i) / 2);
        for (const Standardise standardise : {Standardise::No, Standardise::Yes}) {
            const DenseDesign design(planted.features(), rows, scaling_of(planted.features(), rows, standardise));
            for (const Margins margins : {Margins::None, Margins::Small, Margins::Large}) {
                for (const double auxiliary : {0.0, 0.3, 2.0}) {
                    for (const double l2 : {0.0, 0.1}) {
                        CAPTURE(auxiliary);
                        CAPTURE(l2);
                        // Central differences have an error of about step^2 = 1e-10.
                        CHECK(gradient_error(Objective(design, pairs, {margins, auxiliary, l2}), x) < 2e-9);
                    }
                }
            }
        }
    }

    // Expected: the formulas in numpy 2.4.6 (logaddexp), independent of this code.
    TEST_CASE("the loss of six pairs is that of an independent computation") {
        const DenseDesign design = unscaled_design();
        const std::vector<Pair> pairs = six_pairs();
        const std::vector<double> x = {0.3, -0.2, 0.5, 0.1};
        std::vector<double> gradient(4);
        CHECK(Objective(design, pairs, {Margins::None, 0, 0.1})(x, gradient) ==
              doctest::Approx(0.848963571320032).epsilon(1e-13));
        CHECK(gradient[3] == 0);  // the ranking loss does not depend on the bias
        CHECK(Objective(design, pairs, {Margins::Small, 0.5, 0.1})(x, gradient) ==
              doctest::Approx(1.487355276499875).epsilon(1e-13));
        CHECK(Objective(design, pairs, {Margins::Large, 2, 0.01})(x, gradient) ==
              doctest::Approx(3.294904599098703).epsilon(1e-13));
    }

    // Expected: scipy 1.17.1, minimize(BFGS, then Nelder-Mead to 1e-12) of the same formulas.
    TEST_CASE("the minimum of six pairs is that of scipy") {
        const DenseDesign design = unscaled_design();
        const std::vector<Pair> pairs = six_pairs();
        const Minimum none = minimise(Objective(design, pairs, {Margins::None, 0, 0.1}), {0, 0, 0, 0}, {});
        CHECK(none.value == doctest::Approx(0.624636631887).epsilon(1e-11));
        CHECK(none.x[0] == doctest::Approx(0.38907800).epsilon(1e-6));
        CHECK(none.x[1] == doctest::Approx(0.36026609).epsilon(1e-6));
        CHECK(none.x[2] == doctest::Approx(0.23406434).epsilon(1e-6));
        CHECK(none.x[3] == 0);
        const Minimum large = minimise(Objective(design, pairs, {Margins::Large, 2, 0.01}), {0, 0, 0, 0}, {});
        CHECK(large.value == doctest::Approx(1.777016040320).epsilon(1e-11));
        CHECK(large.x[0] == doctest::Approx(1.73642313).epsilon(1e-6));
        CHECK(large.x[1] == doctest::Approx(1.83150509).epsilon(1e-6));
        CHECK(large.x[2] == doctest::Approx(1.29924963).epsilon(1e-6));
        CHECK(large.x[3] == doctest::Approx(0.02873462).epsilon(1e-5));
    }

    TEST_CASE("a sparse design gives the loss and gradient of the same rows written out") {
        const std::vector<std::vector<std::uint32_t>> columns = {{0, 3}, {1}, {2, 3, 4}, {}};
        SparseDesign sparse(5);
        std::vector<float> values;
        for (const auto& row : columns) {
            sparse.add(row);
            for (std::uint32_t column = 0; column < 5; ++column)
                values.push_back(std::count(row.begin(), row.end(), column) > 0 ? 1.0F : 0.0F);
        }
        const DenseDesign dense({values, 5}, {0, 1, 2, 3}, {std::vector<double>(5, 0), std::vector<double>(5, 1)});
        const std::vector<Pair> pairs = {{0, 1, Strength::Better, SafetyBin::ChosenSafe, 0}, {2, 3, {}, {}, 1}};
        const LossSettings settings = {Margins::Large, 0.7, 0.05};
        const std::vector<double> x = {0.1, -0.4, 0.7, 0.2, -0.3, 0.5};
        std::vector<double> of_sparse(6);
        std::vector<double> of_dense(6);
        CHECK(Objective(sparse, pairs, settings)(x, of_sparse) ==
              doctest::Approx(Objective(dense, pairs, settings)(x, of_dense)).epsilon(1e-14));
        for (std::size_t i = 0; i < x.size(); ++i) CHECK(of_sparse[i] == doctest::Approx(of_dense[i]).epsilon(1e-13));
    }

    TEST_CASE("the auxiliary term needs safe and unsafe answers") {
        const DenseDesign design = unscaled_design();
        std::vector<Pair> pairs = six_pairs();
        for (Pair& pair : pairs) pair.bin = SafetyBin::BothSafe;
        CHECK_THROWS_WITH_AS(Objective(design, pairs, {.auxiliary = 1}),
                             doctest::Contains("needs pairs with safe and with unsafe answers"), RewardError);
        CHECK_NOTHROW(Objective(design, pairs, {.auxiliary = 0}));
        pairs[2].bin = SafetyBin::BothUnsafe;
        CHECK_NOTHROW(Objective(design, pairs, {.auxiliary = 1}));
    }
}
