#include "reports/statistics/interval.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "reports/statistics/metric_interval.hpp"
#include "tests/reports/samples.hpp"
#include "tests/reports/statistics/check_interval.hpp"

using doctest::Approx;
using namespace reports::data;
using namespace reports::statistics;
using reports_test::marks;

namespace {

MetricValues scores(ItemValues values, double value, double standard_error, Scale scale = Scale::Plain) {
    return {.name = "m",
            .value = value,
            .standard_error = standard_error,
            .values = std::move(values),
            .scored = std::nullopt,
            .scale = scale};
}

}  // namespace

TEST_SUITE("reports.interval") {
    TEST_CASE("Wilson's interval equals published tables") {
        check_interval(wilson95(0.8, 10), 0.490162, 0.943318);
        // Newcombe 1998, Statistics in Medicine 17:857, table I, method 3; four decimals.
        const auto near = [](double value, double published) { return std::abs(value - published) <= 0.00005; };
        CHECK(near(wilson95(81.0 / 263, 263).low, 0.2553));
        CHECK(near(wilson95(81.0 / 263, 263).high, 0.3662));
        CHECK(near(wilson95(15.0 / 148, 148).low, 0.0624));
        CHECK(near(wilson95(15.0 / 148, 148).high, 0.1605));
        CHECK(wilson95(0, 20).low == 0);
        CHECK(near(wilson95(0, 20).high, 0.1611));
        CHECK(near(wilson95(1.0 / 29, 29).low, 0.0061));
        CHECK(near(wilson95(1.0 / 29, 29).high, 0.1718));
        CHECK(wilson95(1, 20).high == 1);
    }

    TEST_CASE("a share of scores that are not 0 or 1 stays within 0 to 1") {
        // 0.99 0.97 1 0.95 1: mean 0.982, standard error 0.0096954, so as 189.04 scores of 0 and 1. With 1.96 standard
        // errors the upper end would be 1.0010. Values of SciPy and statsmodels.
        check_interval(share95(0.982, 0.009695359714832666, 5), 0.9513249, 0.9934762);
        // 0.2 0.4 0.9: as 6.769 scores of 0 and 1.
        check_interval(share95(0.5, 0.2081665999466133, 3), 0.1991526, 0.8008474);
    }

    TEST_CASE("a share of scores of 0 and 1 has the same interval by its standard error as by its items") {
        // 8 of 10: standard error sqrt(0.8 * 0.2 / 9).
        const double error = std::sqrt(0.16 / 9);
        check_interval(share95(0.8, error, 10), wilson95(0.8, 10).low, wilson95(0.8, 10).high);
    }

    TEST_CASE("a share without spread has the interval of its number of items") {
        check_interval(share95(1, 0, 20), wilson95(1, 20).low, 1);
        check_interval(share95(0.5, 0, 4), wilson95(0.5, 4).low, wilson95(0.5, 4).high);
    }

    TEST_CASE("other means have an interval from the standard error and perplexities from their logarithm") {
        check_interval(plain95(12, 2), 12 - 3.919928, 12 + 3.919928);
        check_interval(exponential95(12, 2), 12 / std::exp(0.3266607), 12 * std::exp(0.3266607));
        CHECK(exponential95(4e6, 3e7).low > 0);
    }

    TEST_CASE("a metric's interval depends on its scores and its scale") {
        check_interval(*metric95(scores(marks("1111111100"), 0.8, 0.1), 10), 0.490162, 0.943318);
        check_interval(*metric95(scores({0.2, 0.4, 0.9}, 0.5, 0.2081666), 3), 0.1991526, 0.8008474);
        // BLEU and sentiment are not shares.
        // scipy.stats.t.ppf(.975, 1) = 12.706205 and, of four degrees of freedom, 2.776445.
        check_interval(*metric95(scores({20.0, 40.0}, 30, 10), 2), 30 - 127.06205, 30 + 127.06205);
        check_interval(*metric95(scores({-0.5, 0.5}, 0, 0.5), 2), -6.353102, 6.353102);
        check_interval(*metric95(scores({}, 12, 2), 5), 12 - 2 * 2.776445, 12 + 2 * 2.776445);
        check_interval(*metric95(scores({}, 12, 2, Scale::Exponential), 5), 7.5546692, 19.0610598);
        // A share of all items together, such as SQuAD's best_exact.
        CHECK(metric95(scores({}, 0.99, 0.05, Scale::Share), 30)->high < 1);
        CHECK(metric95(scores({}, 0.99, 0.05, Scale::Plain), 30)->high > 1);
    }

    // scipy.optimize.brentq of Hall's T + k T^2 / 3 + k^2 T^3 / 27 + k / 6 = +-t, with k = scipy.stats.skew / sqrt(6).
    TEST_CASE("the interval of skewed scores reaches further to the side of the long tail") {
        const double error = 2.463060426921489;  // scipy.stats.sem
        const MetricValues metric = scores({1.0, 2.0, 2.0, 3.0, 5.0, 17.0}, 5, error);
        check_interval(*metric95(metric, 6), 0.73983755, 26.60615251);
        check_interval(skewed95(-5, error, 5, -0.6524623105994967), -26.60615251, -0.73983755);
        CHECK(is_too_skewed(metric));
    }

    TEST_CASE("symmetric scores have Student's interval") {
        // scipy.stats.t.interval(.95, 4, 3, sem)
        check_interval(*metric95(scores({1.0, 2.0, 3.0, 4.0, 5.0}, 3, 0.7071067811865476), 5), 1.03675684, 4.96324316);
        check_interval(skewed95(3, 0.7071067811865476, 4, 1e-5), 1.03675684, 4.96324316);
        CHECK_FALSE(is_too_skewed(scores({1.0, 2.0, 3.0, 4.0, 5.0}, 3, 0.7)));
    }

    TEST_CASE("a share over clusters counts the clusters' degrees of freedom") {
        // Wilson's interval by NumPy and SciPy for n = 1 + p (1 - p) / (error t / z)^2, of 3.4971 and of 2.7666 degrees
        // of freedom. In the second n is 2.30, less than the five clusters.
        check_interval(clustered_share95(7.0 / 12, 0.08852464433320806, 5, 3.497109826589596), 0.34151161, 0.79075952);
        check_interval(clustered_share95(7.0 / 12, 0.2534960034506108, 5, 2.7666036864401407), 0.13793525, 0.92452583);
    }

    TEST_CASE("a share without spread over clusters has the interval of their number") {
        check_interval(clustered_share95(1, 0, 20, 19), wilson95(1, 20).low, 1);
        check_interval(clustered_share95(0.5, 0, 4, 3), wilson95(0.5, 4).low, wilson95(0.5, 4).high);
    }

    TEST_CASE("no scores or a single score that is not 0 or 1 have no interval") {
        CHECK_FALSE(metric95(scores(marks("--"), NAN, NAN), 0).has_value());
        CHECK_FALSE(metric95(scores({0.5}, 0.5, 0), 1).has_value());
        CHECK(metric95(scores(marks("1"), 1, 0), 1)->low == Approx(0.2065).epsilon(0.001));  // 1 / (1 + z^2)
        CHECK_FALSE(metric95(scores({0.5, 0.6}, 0.55, NAN), 2).has_value());
    }
}
