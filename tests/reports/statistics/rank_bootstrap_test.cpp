#include "reports/statistics/rank_bootstrap.hpp"

#include <doctest/doctest.h>

#include "reports/statistics/rank_correlation.hpp"

using doctest::Approx;
using namespace reports::statistics;

namespace {

/// 60 items with a noisy rank correlation, some of them positive.
struct Items {
    std::vector<double> x;
    std::vector<double> y;
    std::vector<bool> positive;

    Items() {
        for (std::size_t i = 0; i < 60; ++i) {
            x.push_back(static_cast<double>(i));
            y.push_back(static_cast<double>(i + 29 * i % 37));
            positive.push_back(static_cast<double>(11 * i % 17) + static_cast<double>(i) / 4 > 14);
        }
    }
};

}  // namespace

TEST_SUITE("reports.rank_correlation") {
    TEST_CASE("the area under the curve is the share of pairs in the right order with ties half") {
        // 2 > 1, 2 = 2, 3 > 1, 3 > 2: 3.5 of 4 pairs
        CHECK(roc_area(std::vector<double>{1, 2, 2, 3}, {false, true, false, true}).value() == 0.875);
        CHECK(roc_area(std::vector<double>{5, 5, 5}, {false, true, true}).value() == 0.5);
        CHECK_FALSE(roc_area(std::vector<double>{1, 2}, {true, true}).has_value());
    }

    TEST_CASE("a bootstrap of ranks agrees with one that SciPy makes of whole resamples") {
        // 20,000 resamples with scipy.stats.spearmanr and mannwhitneyu; other random numbers, hence the tolerance
        const Items items;
        const auto correlation = bootstrap_spearman95(items.x, items.y);
        REQUIRE(correlation);
        CHECK(correlation->estimate == Approx(0.8601833842734095));
        CHECK(correlation->ci95.low == Approx(0.7787).epsilon(0.015));
        CHECK(correlation->ci95.high == Approx(0.9005).epsilon(0.01));
        const auto area = bootstrap_roc_area95(items.x, items.positive);
        REQUIRE(area);
        CHECK(area->estimate == Approx(0.7394285714285714));
        CHECK(area->ci95.low == Approx(0.6042).epsilon(0.01));
        CHECK(area->ci95.high == Approx(0.8600).epsilon(0.01));
    }

    TEST_CASE("items of one cluster are drawn together and make the interval wider") {
        const Items items;
        Items doubled = items;
        std::vector<std::size_t> cluster;
        for (std::size_t i = 0; i < 60; ++i) cluster.push_back(i);
        for (std::size_t i = 0; i < 60; ++i) {
            doubled.x.push_back(items.x[i]);
            doubled.y.push_back(items.y[i]);
            cluster.push_back(i);
        }
        const auto once = bootstrap_spearman95(items.x, items.y);
        const auto twice = bootstrap_spearman95(doubled.x, doubled.y, cluster);
        REQUIRE(twice);
        // Ranks of doubled values differ by half a rank from doubled ranks, which does not change the correlation.
        CHECK(twice->ci95.low == Approx(once->ci95.low));
        CHECK(bootstrap_spearman95(doubled.x, doubled.y)->ci95.low > twice->ci95.low + 0.02);
    }

    TEST_CASE("a constant side has no correlation and no interval") {
        CHECK_FALSE(bootstrap_spearman95(std::vector<double>{1, 2, 3}, std::vector<double>{4, 4, 4}).has_value());
    }
}
