#include "reports/statistics/permutation.hpp"

#include <doctest/doctest.h>

using doctest::Approx;
using namespace reports::statistics;

TEST_SUITE("reports.permutation") {
    TEST_CASE("the exact p is that of SciPy") {
        // scipy.stats.permutation_test(permutation_type="samples", n_resamples=inf)
        const PermutationTest test = sign_flip_test(std::vector<double>{1.2, -.4, .8, 2.1, -.3, .9, 1.4, -.1, .6});
        CHECK(test.is_exact);
        CHECK(test.p == Approx(0.04296875));
    }

    TEST_CASE("items of a cluster change sign together") {
        const std::vector<double> differences = {1, -1, 1, 1, 0, 1, 1, -1, 1, 1, .5, 1, 1, -1, 1, 1, 1, 0};
        std::vector<std::size_t> pairs;
        for (std::size_t item = 0; item < differences.size(); ++item) pairs.push_back(item / 2);
        CHECK(sign_flip_test(differences, pairs).p == Approx(0.03125));  // SciPy, of the sums
        CHECK(sign_flip_test(differences).p != Approx(0.03125));
    }

    TEST_CASE("drawn signs come near the exact p and depend only on the seed") {
        std::vector<double> differences;
        for (std::size_t item = 0; item < 200; ++item) differences.push_back(item % 5 < 3 ? 1 : -1);
        // 120 of 200: the binomial test has p .0057.
        const PermutationTest drawn = sign_flip_test(differences, {}, {.seed = 3, .resamples = 20'000});
        CHECK_FALSE(drawn.is_exact);
        CHECK(drawn.p == Approx(0.0057).epsilon(0.3));
        CHECK(drawn.p == sign_flip_test(differences, {}, {.seed = 3, .resamples = 20'000}).p);
        CHECK(drawn.p != sign_flip_test(differences, {}, {.seed = 4, .resamples = 20'000}).p);
    }

    TEST_CASE("no difference has p 1 and drawn signs never have p 0") {
        CHECK(sign_flip_test(std::vector<double>(20, 0.0)).p == 1);
        CHECK(sign_flip_test({}).p == 1);
        CHECK(sign_flip_test(std::vector<double>(100, 1.0), {}, {.seed = 1, .resamples = 999}).p == Approx(0.001));
    }
}
