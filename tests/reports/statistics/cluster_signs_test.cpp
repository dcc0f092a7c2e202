// Expected values: all signs enumerated, and the binomial distribution.

#include "reports/statistics/cluster_signs.hpp"

#include <doctest/doctest.h>

#include "reports/statistics/paired.hpp"

using doctest::Approx;
using reports::statistics::cluster_signs;

TEST_SUITE("reports.cluster_signs") {
    TEST_CASE("clusters of one item have McNemar's p") {
        std::vector<double> differences(100, 0.0);
        for (std::size_t i = 0; i < 14; ++i) differences[i] = 1;
        for (std::size_t i = 14; i < 45; ++i) differences[i] = -1;
        const auto signs = cluster_signs(differences, {});
        CHECK(signs.two_sided() == Approx(reports::statistics::mcnemar_exact(14, 31)));
        CHECK(signs.p_low == Approx(0.0080471800156));
        CHECK(signs.p_high == Approx(0.9966955885788593));
    }

    TEST_CASE("clusters change sign together") {
        // Sums -3, -2, 1: of the eight sums only -6 is lower than the -4 seen.
        const std::vector<double> differences = {-1, -1, -1, -1, -1, 0, 1, 1, -1};
        const std::vector<std::size_t> cluster_of = {0, 0, 0, 1, 1, 1, 2, 3, 3};
        const auto signs = cluster_signs(differences, cluster_of);
        CHECK(signs.p_low == Approx(2.0 / 8));
        CHECK(signs.p_high == Approx(7.0 / 8));
        CHECK(signs.mid_low == Approx(1.5 / 8));
        CHECK(signs.two_sided() == Approx(0.5));
    }

    TEST_CASE("nothing changed proves nothing") {
        const std::vector<double> differences(5, 0.0);
        CHECK(cluster_signs(differences, {}).p_low == 1);
        CHECK(cluster_signs(differences, {}).two_sided() == 1);
    }

    TEST_CASE("very many clusters have nearly the exact p") {
        std::vector<double> differences(20'001, 1.0);
        for (std::size_t i = 0; i < 9'880; ++i) differences[i] = -1;
        // scipy: binom.cdf(9880, 20001, .5)
        CHECK(cluster_signs(differences, {}).p_high == Approx(0.044845764610885325).epsilon(0.001));
    }
}
