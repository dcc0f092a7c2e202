// Expected values: Tango (1998), and a separate program that maximises the likelihood numerically and sums binomial
// probabilities in full.

#include "reports/statistics/margin_test.hpp"

#include <doctest/doctest.h>

#include <random>
#include <vector>

using reports::statistics::chance_to_fail;
using reports::statistics::Differences;
using reports::statistics::fitting_test;
using reports::statistics::margin_test;
using reports::statistics::MarginTest;
using reports::statistics::MarginTestKind;
using reports::statistics::tango_statistic;

namespace {

/// Paired 0/1 scores of which so many became better and worse.
Differences counts(std::size_t better, std::size_t worse, std::size_t items) {
    Differences differences{.values = std::vector<double>(items, 0.0), .is_binary = true};
    for (std::size_t i = 0; i < better; ++i) differences.values[i] = 1;
    for (std::size_t i = 0; i < worse; ++i) differences.values[better + i] = -1;
    return differences;
}

MarginTest tested(const Differences& differences, double margin, MarginTestKind kind) {
    const auto test = margin_test(differences, margin, 0.05, kind);
    REQUIRE(test);
    return *test;
}

/// Share of simulated gates that fail: `items` pairs of which a share changes, with a true drop.
double share_failing(std::size_t items, double changing, double drop, double margin, MarginTestKind kind, int gates) {
    std::mt19937_64 random(7);
    std::binomial_distribution<std::size_t> changed(items, changing);
    int failed = 0;
    for (int i = 0; i < gates; ++i) {
        const std::size_t differing = changed(random);
        const std::size_t worse =
            std::binomial_distribution<std::size_t>(differing, (changing + drop) / 2 / changing)(random);
        failed += tested(counts(differing - worse, worse, items), margin, kind).p_drop <= 0.05 ? 1 : 0;
    }
    return static_cast<double>(failed) / gates;
}

}  // namespace

TEST_SUITE("statistics.margin_test") {
    TEST_CASE("Tango's statistic has the published value and those of a numerical maximum of the likelihood") {
        CHECK(tango_statistic(0, 1, 44, -0.1) == doctest::Approx(1.709).epsilon(5e-4));  // Tango 1998, contact lenses
        CHECK(tango_statistic(12, 9, 100, -0.05) == doctest::Approx(1.699772684).epsilon(1e-7));
        CHECK(tango_statistic(3, 17, 200, -0.02) == doctest::Approx(-2.364634890).epsilon(1e-7));
        CHECK(tango_statistic(0, 0, 50, -0.03) == doctest::Approx(1.243540008).epsilon(1e-7));
        CHECK(tango_statistic(40, 80, 1319, -0.01) == doctest::Approx(-2.477345985).epsilon(1e-7));
        CHECK(tango_statistic(5, 5, 20, 0.1) == doctest::Approx(-0.632577241).epsilon(1e-7));
    }

    TEST_CASE("without a margin Tango's statistic is McNemar's") {
        CHECK(tango_statistic(20, 30, 500, 0) == doctest::Approx(-10 / std::sqrt(50.0)));
        CHECK(tango_statistic(0, 0, 500, 0) == 0);
    }

    TEST_CASE("bounds are where Tango's statistic is at the level") {
        const MarginTest few = tested(counts(12, 9, 100), 0, MarginTestKind::McNemar);
        CHECK(few.bounds->low == doctest::Approx(-0.0472605104).epsilon(1e-6));
        CHECK(few.bounds->high == doctest::Approx(0.1083267018).epsilon(1e-6));
        const MarginTest many = tested(counts(40, 80, 1319), 0.01, MarginTestKind::Score);
        CHECK(many.bounds->low == doctest::Approx(-0.0442778128).epsilon(1e-6));
        CHECK(many.bounds->high == doctest::Approx(-0.0168639096).epsilon(1e-6));
    }

    TEST_CASE("McNemar's one-sided test sums the binomial tail") {
        const MarginTest test = tested(counts(3, 9, 100), 0, MarginTestKind::McNemar);
        CHECK(test.p_drop == doctest::Approx(0.072998046875));
        CHECK(test.p_no_drop == doctest::Approx(1 - 79.0 / 4096));  // all but fewer than 3 of 12: 1 + 12 + 66
        CHECK(test.difference == doctest::Approx(-0.06));
        CHECK(tested(counts(14, 31, 100), 0, MarginTestKind::McNemar).p_drop == doctest::Approx(0.0080471800156));
    }

    TEST_CASE("a mean has Student's test") {
        // Differences of mean -0.2 and standard error 0.1: t = -2 with 4 degrees of freedom, P(T < -2) = 0.0580583.
        const double d = std::sqrt(0.05);
        const MarginTest test =
            tested({.values = {-0.2 - d, -0.2 + d, -0.2 - d, -0.2 + d, -0.2}}, 0, MarginTestKind::Mean);
        CHECK(test.difference == doctest::Approx(-0.2));
        CHECK(test.p_drop == doctest::Approx(0.0580583).epsilon(1e-5));
        CHECK(test.p_no_drop == doctest::Approx(1 - 0.0580583).epsilon(1e-5));
        CHECK(test.bounds->high == doctest::Approx(-0.2 + 2.1318468 * 0.1));  // t of 95 % with 4 degrees of freedom
    }

    TEST_CASE("strata count alike whatever their size") {
        const Differences differences{.values = {1, -1, 1, -1, 0.5, 0.7}, .is_binary = false, .strata = {4, 2}};
        const MarginTest test = tested(differences, 0, MarginTestKind::Mean);
        CHECK(test.difference == doctest::Approx(0.3));  // half of 0 and half of 0.6
        // Standard errors of the strata: sqrt(4/3)/2 and 0.1.
        const double error = std::sqrt(1.0 / 3 + 0.01) / 2;
        CHECK(test.bounds->high == doctest::Approx(0.3 + 1.6448536 * error));
    }

    TEST_CASE("each kind of scores has its test") {
        CHECK(fitting_test(counts(1, 1, 4), 0) == MarginTestKind::McNemar);
        CHECK(fitting_test(counts(1, 1, 4), 0.01) == MarginTestKind::Score);
        CHECK(fitting_test({.values = {0.5, 0.1}}, 0) == MarginTestKind::Mean);
        CHECK_FALSE(margin_test({.values = {0.5, 0.1}}, 0, 0.05, MarginTestKind::McNemar));
        CHECK_FALSE(margin_test({}, 0, 0.05, MarginTestKind::Mean));
    }

    TEST_CASE("scores that all changed alike prove nothing by their mean") {
        const MarginTest test = tested({.values = {-0.5, -0.5, -0.5}}, 0, MarginTestKind::Mean);
        CHECK(test.p_drop == 1);
        CHECK_FALSE(test.bounds);
    }

    TEST_CASE("the chance of McNemar's test is the sum over all numbers of changes") {
        const auto chance = [](std::size_t items, double level, double drop) {
            return chance_to_fail(
                {.kind = MarginTestKind::McNemar, .items = items, .spread = 0.1, .margin = 0, .level = level}, drop);
        };
        CHECK(chance(1319, 0.05, 0.01) == doctest::Approx(0.279392996).epsilon(1e-6));
        CHECK(chance(1319, 0.05, 0.02) == doctest::Approx(0.716981273).epsilon(1e-6));
        CHECK(chance(1319, 0.05, 0.03) == doctest::Approx(0.960237554).epsilon(1e-6));
        CHECK(chance(64, 0.0125, 0.05) == doctest::Approx(0.0621561738).epsilon(1e-6));
    }

    TEST_CASE("the chance of Tango's test is the sum over all numbers of better and worse pairs") {
        // NumPy and SciPy: the sum of binom.pmf over every pair of counts for which the statistic is below -1.6449.
        const auto chance = [](std::size_t items, double drop) {
            return chance_to_fail({.kind = MarginTestKind::Score, .items = items, .spread = 0.1, .margin = 0.01}, drop);
        };
        CHECK(chance(200, 0.05) == doctest::Approx(0.5808446085).epsilon(1e-6));
        CHECK(chance(200, 0.01) == doctest::Approx(0.0507205687).epsilon(1e-6));
        CHECK(chance(1319, 0.03) == doctest::Approx(0.7525641200).epsilon(1e-6));
    }

    TEST_CASE("the chance of a mean is that of the noncentral t distribution") {
        // scipy.stats.nct.sf(t.ppf(.95, f), f, (drop - margin) / spread sqrt(n)): 60 items in clusters, and 20 alone.
        CHECK(chance_to_fail({.items = 60, .spread = 0.4, .margin = 0.01, .degrees_of_freedom = 5}, 0.1) ==
              doctest::Approx(0.4444149400).epsilon(1e-6));
        CHECK(chance_to_fail({.items = 20, .spread = 0.4}, 0.1) == doctest::Approx(0.2855103628).epsilon(1e-6));
    }

    TEST_CASE("simulated gates fail as often as was said and at no difference at most at their level") {
        constexpr int kGates = 4000;  // standard error of a share of a half: 0.008
        const auto said = [](double drop, double margin, MarginTestKind kind) {
            return chance_to_fail({.kind = kind, .items = 1319, .spread = 0.1, .margin = margin, .level = 0.05}, drop);
        };
        CHECK(share_failing(1319, 0.1, 0, 0, MarginTestKind::McNemar, kGates) < 0.05 + 0.007);
        CHECK(share_failing(1319, 0.1, 0.01, 0.01, MarginTestKind::Score, kGates) < 0.05 + 0.01);
        for (const double drop : {0.01, 0.02, 0.03}) {
            CAPTURE(drop);
            CHECK(std::abs(share_failing(1319, 0.1, drop, 0, MarginTestKind::McNemar, kGates) -
                           said(drop, 0, MarginTestKind::McNemar)) < 0.024);
        }
        CHECK(std::abs(share_failing(1319, 0.1, 0.03, 0.01, MarginTestKind::Score, kGates) -
                       said(0.03, 0.01, MarginTestKind::Score)) < 0.03);
    }
}
