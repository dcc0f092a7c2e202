#include "reports/statistics/clustered_mean.hpp"

#include <doctest/doctest.h>

using doctest::Approx;
using namespace reports::statistics;

namespace {

const std::vector<double> kScores = {1, 0, 1, 1, 0, 0, 1, 1, 1, 0, 1, 0};

}  // namespace

TEST_SUITE("reports.clustered_mean") {
    TEST_CASE("error and interval of clusters are those of statsmodels") {
        // OLS(v, 1).fit(cov_type="cluster", use_t=True): error 0.08852464, interval 0.33754952 to 0.82911715
        const auto mean = clustered_mean(kScores, {0, 0, 0, 1, 1, 2, 2, 2, 2, 3, 4, 4});
        REQUIRE(mean);
        CHECK(mean->mean == Approx(7.0 / 12));
        CHECK(mean->clusters == 5);
        CHECK(*mean->standard_error == Approx(0.08852464).epsilon(1e-6));
        CHECK(mean->ci95->low == Approx(0.33754952).epsilon(1e-6));
        CHECK(mean->ci95->high == Approx(0.82911715).epsilon(1e-6));
    }

    TEST_CASE("without clusters the error is that of the central limit theorem") {
        // scipy.stats.sem and scipy.stats.t.interval
        const auto mean = clustered_mean(kScores);
        REQUIRE(mean);
        CHECK(*mean->standard_error == Approx(0.1486470975026408));
        CHECK(mean->ci95->low == Approx(0.25616327763932606));
        CHECK(mean->ci95->high == Approx(0.9105033890273406));
    }

    TEST_CASE("items that repeat each other add nothing") {
        std::vector<double> tenfold;
        std::vector<std::size_t> cluster_of;
        for (std::size_t item = 0; item < kScores.size(); ++item) {
            tenfold.insert(tenfold.end(), 10, kScores[item]);
            cluster_of.insert(cluster_of.end(), 10, item);
        }
        CHECK(*clustered_mean(tenfold, cluster_of)->standard_error == Approx(0.1486470975026408));
    }

    TEST_CASE("one cluster has no error and equal values have no interval") {
        CHECK_FALSE(clustered_mean({}));
        CHECK_FALSE(clustered_mean(kScores, std::vector<std::size_t>(12, 7))->standard_error);
        const std::vector<double> equal(5, 0.5);
        CHECK_FALSE(clustered_mean(equal)->ci95);
    }
}
