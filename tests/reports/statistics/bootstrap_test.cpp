#include "reports/statistics/bootstrap.hpp"

#include <doctest/doctest.h>

#include <set>

#include "reports/statistics/counter_random.hpp"

using doctest::Approx;
using namespace reports::statistics;

namespace {

/// Mean of `values` in a resample.
ResampledStatistic mean_of(std::vector<double> values) {
    return [values = std::move(values)](std::span<const double> counts) -> std::optional<double> {
        double sum = 0;
        double n = 0;
        for (std::size_t item = 0; item < counts.size(); ++item) {
            sum += counts[item] * values[item];
            n += counts[item];
        }
        return sum / n;
    };
}

const std::vector<double> kSkewed = {1, 2, 3, 4, 5, 6, 7, 8, 30, 50};

}  // namespace

TEST_SUITE("reports.bootstrap") {
    TEST_CASE("intervals of a skewed mean are those of SciPy") {
        // scipy.stats.bootstrap with 200,000 resamples: percentile 4.0 to 22.0, BCa 4.7 to 25.7, error 4.7467.
        const auto percentile = bootstrap95(10, {}, mean_of(kSkewed));
        REQUIRE(percentile);
        CHECK(percentile->estimate == Approx(11.6));
        CHECK(percentile->standard_error == Approx(4.7467).epsilon(0.03));
        CHECK(percentile->ci95.low == Approx(4.0).epsilon(0.03));
        CHECK(percentile->ci95.high == Approx(22.0).epsilon(0.03));
        const auto bca = bootstrap95(10, {}, mean_of(kSkewed), {.interval = BootstrapInterval::Bca});
        REQUIRE(bca);
        CHECK(bca->ci95.low == Approx(4.7).epsilon(0.03));
        CHECK(bca->ci95.high == Approx(25.7).epsilon(0.03));
    }

    TEST_CASE("the same seed gives the same interval and another seed another one") {
        const BootstrapSettings settings{.seed = 7, .resamples = 500};
        const auto first = bootstrap95(10, {}, mean_of(kSkewed), settings);
        const auto again = bootstrap95(10, {}, mean_of(kSkewed), settings);
        const auto other = bootstrap95(10, {}, mean_of(kSkewed), {.seed = 8, .resamples = 500});
        REQUIRE(first);
        REQUIRE(again);
        REQUIRE(other);
        CHECK(first->standard_error == again->standard_error);
        CHECK(first->ci95.low == again->ci95.low);
        CHECK(first->standard_error != other->standard_error);
    }

    TEST_CASE("a cluster is drawn as a whole") {
        // Two clusters of two: a resample is a a, a b, b a or b b, so the mean is 1, 2 or 3 and never another number.
        std::set<double> seen;
        const auto mean = mean_of({1, 1, 3, 3});
        const auto recorded = [&](std::span<const double> counts) {
            const auto value = mean(counts);
            seen.insert(*value);
            return value;
        };
        const auto result = bootstrap95(4, {9, 9, 4, 4}, recorded, {.resamples = 400});
        REQUIRE(result);
        CHECK(seen == std::set<double>{1, 2, 3});
        CHECK(result->clusters == 2);
        // Variance of the mean of two draws of 1 or 3: 1 / 2.
        CHECK(result->standard_error == Approx(0.7071).epsilon(0.1));
    }

    TEST_CASE("nothing is said from one cluster or equal values or an undefined statistic") {
        CHECK_FALSE(bootstrap95(0, {}, mean_of({})));
        CHECK_FALSE(bootstrap95(1, {}, mean_of({1})));
        CHECK_FALSE(bootstrap95(3, {5, 5, 5}, mean_of({1, 2, 3})));
        CHECK_FALSE(bootstrap95(3, {}, mean_of({2, 2, 2}), {.resamples = 200}));
        CHECK_FALSE(bootstrap95(3, {}, [](std::span<const double>) { return std::optional<double>(); }));
        // Defined only where item 0 is drawn: 1 - (2/3)^3 = 70 % of the resamples.
        const auto needs_first = [](std::span<const double> counts) {
            return counts[0] > 0 ? std::optional<double>(counts[1]) : std::nullopt;
        };
        CHECK_FALSE(bootstrap95(3, {}, needs_first, {.resamples = 1000}));
    }

    TEST_CASE("resamples without a value are left out and counted") {
        // Item 0 is missing from (9/10)^10 = 35 % of resamples, both items 0 and 1 from (8/10)^10 = 10.7 %, and all of
        // items 0 to 2 from (7/10)^10 = 2.8 %.
        const auto mean = mean_of(kSkewed);
        const auto needs_one = [&mean](std::span<const double> counts) {
            return counts[0] + counts[1] + counts[2] > 0 ? mean(counts) : std::nullopt;
        };
        const auto result = bootstrap95(10, {}, needs_one, {.resamples = 2000});
        REQUIRE(result);
        CHECK(result->undefined > 28);
        CHECK(result->undefined < 90);
    }

    TEST_CASE("random numbers depend on seed and stream and index and fill their range evenly") {
        std::set<std::uint64_t> distinct;
        for (std::uint64_t seed = 0; seed < 10; ++seed) {
            for (std::uint64_t stream = 0; stream < 10; ++stream) {
                for (std::uint64_t index = 0; index < 10; ++index) distinct.insert(random_bits(seed, stream, index));
            }
        }
        CHECK(distinct.size() == 1000);
        std::vector<std::size_t> counts(7, 0);
        double sum = 0;
        for (std::uint64_t index = 0; index < 70'000; ++index) {
            ++counts[random_below(random_bits(1, 2, index), counts.size())];
            sum += random_unit(random_bits(1, 3, index));
        }
        // Four standard deviations of a count, sqrt(10,000 * 6 / 7), and of the mean, sqrt(1 / 12 / 70,000).
        for (const std::size_t count : counts) CHECK(count == Approx(10'000).epsilon(0.037));
        CHECK(sum / 70'000 == Approx(0.5).epsilon(0.0088));
    }
}
