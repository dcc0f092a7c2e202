#include "reports/statistics/clustered_mean.hpp"

#include <doctest/doctest.h>

#include "reports/statistics/cluster_freedom.hpp"

using doctest::Approx;
using namespace reports::statistics;

namespace {

const std::vector<double> kScores = {1, 0, 1, 1, 0, 0, 1, 1, 1, 0, 1, 0};

}  // namespace

TEST_SUITE("reports.clustered_mean") {
    TEST_CASE("the error of clusters is that of statsmodels") {
        // OLS(v, 1).fit(cov_type="cluster"): error 0.08852464. Interval by NumPy and SciPy with t of 3.4971 degrees of
        // freedom: items of different clusters are no less alike here than those of one.
        const auto mean = clustered_mean(kScores, {0, 0, 0, 1, 1, 2, 2, 2, 2, 3, 4, 4});
        REQUIRE(mean);
        CHECK(mean->mean == Approx(7.0 / 12));
        CHECK(mean->clusters == 5);
        CHECK(*mean->standard_error == Approx(0.08852464).epsilon(1e-6));
        CHECK(mean->ci95->low == Approx(0.3229628657191924).epsilon(1e-6));
        CHECK(mean->ci95->high == Approx(0.8437038009474743).epsilon(1e-6));
    }

    TEST_CASE("without clusters the error is that of the central limit theorem") {
        // scipy.stats.sem and scipy.stats.t.interval
        const auto mean = clustered_mean(kScores);
        REQUIRE(mean);
        CHECK(*mean->standard_error == Approx(0.1486470975026408));
        CHECK(mean->ci95->low == Approx(0.25616327763932606));
        CHECK(mean->ci95->high == Approx(0.9105033890273406));
    }

    // By NumPy from the covariance of all items: C = Z M S M Z', with M = 1 - 1/n, Z the clusters' members and S the
    // correlation of items; (trace C)^2 / trace C C.
    TEST_CASE("unequal clusters have fewer degrees of freedom and correlated ones still fewer") {
        const std::vector<double> unequal = {3, 2, 4, 1, 2};
        CHECK(cluster_freedom(unequal, 0) == Approx(3.497109826589596));
        CHECK(cluster_freedom(unequal, 0.4) == Approx(3.006345573702278));
        CHECK(cluster_freedom(unequal, 1) == Approx(2.7118935865605915));
        const std::vector<double> one_large = {20, 1, 1, 1};
        CHECK(cluster_freedom(one_large, 0) == Approx(2.1287208366854387));
        CHECK(cluster_freedom(one_large, 1) == Approx(1.3396481215824338));
    }

    TEST_CASE("clusters of one size have their number less one degrees of freedom") {
        const std::vector<double> alike(3, 5);
        CHECK(cluster_freedom(alike, 0.4) == Approx(2));
    }

    TEST_CASE("the correlation within clusters and the skewness are those of the values") {
        // By NumPy from all pairs: correlation .838961, skewness of the clusters' sums .1592896.
        const std::vector<double> values = {1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0, 0};
        const auto mean = clustered_mean(values, {0, 0, 0, 1, 1, 2, 2, 2, 2, 3, 4, 4});
        REQUIRE(mean);
        CHECK(mean->degrees_of_freedom == Approx(2.7666036864401407));
        CHECK(mean->skewness == Approx(0.1592895973881276));
        // Names of clusters are any numbers.
        const auto renamed = clustered_mean(values, {9000, 9000, 9000, 1, 1, 7, 7, 7, 7, 800, 0, 0});
        CHECK(renamed->degrees_of_freedom == Approx(2.7666036864401407));
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
