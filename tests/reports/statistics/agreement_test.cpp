#include "reports/statistics/agreement.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/reports/statistics/agreement_samples.hpp"

using doctest::Approx;
using namespace reports::statistics;
using reports_test::from_counts;
using reports_test::from_table;

namespace {

Agreement measured(const Ratings& ratings, Coefficient coefficient, Weights weights = Weights::Identity) {
    return std::get<Agreement>(agreement(ratings, {coefficient, weights}));
}

NoAgreement reason(const AgreementResult& result) {
    return std::get<NoAgreement>(result);
}

bool near(double value, double published) {
    return std::abs(value - published) <= 0.0005;
}

/// Four raters, twelve items, five categories (Krippendorff 2011, section C; also Gwet 2014). 0: not rated.
Ratings krippendorff_data() {
    const std::vector<std::vector<std::size_t>> table = {{1, 1, 0, 1}, {2, 2, 3, 2}, {3, 3, 3, 3}, {3, 3, 3, 3},
                                                         {2, 2, 2, 2}, {1, 2, 3, 4}, {4, 4, 4, 4}, {1, 1, 2, 1},
                                                         {2, 2, 2, 2}, {0, 5, 5, 5}, {0, 0, 1, 1}, {0, 0, 3, 0}};
    Ratings ratings{.scores = {1, 2, 3, 4, 5}, .items = {}};
    for (const auto& row : table) {
        ratings.items.emplace_back();
        for (const std::size_t score : row) {
            ratings.items.back().push_back(score == 0 ? std::nullopt : std::optional(score - 1));
        }
    }
    return ratings;
}

}  // namespace

TEST_SUITE("reports.agreement") {
    TEST_CASE("Krippendorff's alpha of his example is the published one for three metrics") {
        const Ratings ratings = krippendorff_data();
        CHECK(near(measured(ratings, Coefficient::KrippendorffAlpha).value, 0.743));
        CHECK(near(std::get<Agreement>(ordinal_alpha(ratings)).value, 0.815));
        CHECK(near(measured(ratings, Coefficient::KrippendorffAlpha, Weights::Quadratic).value, 0.849));
    }

    TEST_CASE("Krippendorff's ordinal metric differs from ordinal weights") {
        const Ratings ratings = krippendorff_data();
        // Gwet's irrCAC prints .834 for alpha with ordinal weights.
        CHECK(near(measured(ratings, Coefficient::KrippendorffAlpha, Weights::Ordinal).value, 0.834));
        // Totals 2, 3, 1: distances (1 and 2) 2.5, (2 and 3) 2, (1 and 3) 4.5, by hand.
        const WeightMatrix weights = ordinal_metric_weights(std::vector<double>{2, 3, 1});
        CHECK(weights[0][0] == 1);
        CHECK(weights[0][1] == Approx(1 - 2.5 * 2.5 / (4.5 * 4.5)));
        CHECK(weights[2][1] == Approx(1 - 2.0 * 2.0 / (4.5 * 4.5)));
        CHECK(weights[0][2] == 0);
    }

    TEST_CASE("Fleiss' kappa of the textbook table is .210") {
        // Ten subjects, fourteen raters, five categories, of the encyclopaedic example: observed .378, chance .213.
        const Ratings ratings = from_counts({{0, 0, 0, 0, 14},
                                             {0, 2, 6, 4, 2},
                                             {0, 0, 3, 5, 6},
                                             {0, 3, 9, 2, 0},
                                             {2, 2, 8, 1, 1},
                                             {7, 7, 0, 0, 0},
                                             {3, 2, 6, 3, 0},
                                             {2, 5, 3, 2, 2},
                                             {6, 5, 2, 1, 0},
                                             {0, 2, 2, 3, 7}});
        const Agreement kappa = measured(ratings, Coefficient::FleissKappa);
        CHECK(near(kappa.observed, 0.378));
        CHECK(near(kappa.chance, 0.213));
        CHECK(near(kappa.value, 0.210));
        CHECK(kappa.items == 10);
    }

    TEST_CASE("Cohen's kappa of two tables of Gwet is the published one with its standard error") {
        const auto three =
            std::get<Agreement>(cohen_kappa(from_table({{13, 0, 0}, {0, 20, 7}, {0, 4, 56}}), Weights::Identity));
        CHECK(near(three.value, 0.7964));
        // Fleiss, Cohen and Everitt 1969 divide by n, ours by n - 1; their value computed with NumPy: 0.0589107.
        CHECK(*three.standard_error * std::sqrt(99.0 / 100) == Approx(0.05891071832608148));
        const auto four = std::get<Agreement>(cohen_kappa(
            from_table({{40, 6, 4, 15}, {4, 25, 1, 5}, {4, 2, 21, 9}, {17, 13, 12, 45}}), Weights::Identity));
        CHECK(near(four.value, 0.4315));
        CHECK(*four.standard_error * std::sqrt(222.0 / 223) == Approx(0.04596918156237899));
    }

    TEST_CASE("Weighted kappa by hand: quadratic weights give half the credit that linear ones take") {
        // 10 both 1, 5 (1, 2), 5 (2, 3), 10 both 3. Rater one: 15, 5, 10; rater two: 10, 5, 15, of 30.
        const Ratings ratings = from_table({{10, 5, 0}, {0, 0, 5}, {0, 0, 10}});
        // Linear: observed (20 + 10 / 2) / 30. Chance: sum of products, neighbours half.
        const double same = 150.0 + 25 + 150;
        const double neighbours = 15.0 * 5 + 5 * 10 + 5 * 15 + 10 * 5;
        const double linear_chance = (same + neighbours / 2) / 900;
        const auto linear = std::get<Agreement>(cohen_kappa(ratings, Weights::Linear));
        CHECK(linear.value == Approx((25.0 / 30 - linear_chance) / (1 - linear_chance)));
        const double square_chance = (same + neighbours * 3 / 4) / 900;
        const auto square = std::get<Agreement>(cohen_kappa(ratings, Weights::Quadratic));
        CHECK(square.value == Approx((27.5 / 30 - square_chance) / (1 - square_chance)));
    }

    TEST_CASE("Cohen's kappa leaves out items with one rating and Conger's does not") {
        Ratings ratings = from_table({{20, 5}, {10, 15}});
        ratings.items.push_back({0, std::nullopt});
        // Observed .7, chance (25 * 30 + 25 * 20) / 2500 = .5.
        const auto cohen = std::get<Agreement>(cohen_kappa(ratings, Weights::Identity));
        CHECK(cohen.value == Approx(0.4));
        CHECK(cohen.items == 50);
        const Agreement conger = measured(ratings, Coefficient::CongerKappa);
        // Rater one now has 26 of 51 in the first category.
        const double chance = 26.0 / 51 * 0.6 + 25.0 / 51 * 0.4;
        CHECK(conger.value == Approx((0.7 - chance) / (1 - chance)));
        CHECK(conger.items == 51);
        CHECK(conger.items_rated_twice == 50);
    }

    TEST_CASE("AC1 stays high where one category is rare and kappa collapses") {
        // Two raters, 118 both no, 5 and 2 split, none both yes: observed .944 (Gwet 2008, the paradox of kappa).
        const Ratings ratings = from_table({{118, 5}, {2, 0}});
        const double yes = 7.0 / 250;
        const double chance = 2 * yes * (1 - yes);
        CHECK(measured(ratings, Coefficient::GwetAc).value == Approx((0.944 - chance) / (1 - chance)));
        CHECK(measured(ratings, Coefficient::GwetAc).value > 0.94);
        CHECK(measured(ratings, Coefficient::CongerKappa).value < 0);
        CHECK(measured(ratings, Coefficient::RawAgreement).value == Approx(0.944));
    }

    TEST_CASE("an unused category of the scale lowers the chance of AC1 and of Brennan and Prediger") {
        Ratings ratings = from_table({{20, 5}, {10, 15}});
        const double before = measured(ratings, Coefficient::GwetAc).chance;
        ratings.scores.push_back(3);
        // sum pi (1 - pi) = 2 * .55 * .45, over q - 1.
        CHECK(before == Approx(0.495));
        CHECK(measured(ratings, Coefficient::GwetAc).chance == Approx(0.2475));
        CHECK(measured(ratings, Coefficient::BrennanPrediger).chance == Approx(1.0 / 3));
        CHECK(measured(ratings, Coefficient::FleissKappa).chance == Approx(0.505));
    }

    TEST_CASE("what cannot be measured has a reason") {
        const Ratings one_rater{.scores = {1, 2}, .items = {{0}, {1}, {0}}};
        const Ratings never_two{.scores = {1, 2}, .items = {{0, std::nullopt}, {std::nullopt, 1}}};
        const Ratings one_category = from_table({{9, 0}, {0, 0}});
        for (const Coefficient coefficient : {Coefficient::RawAgreement, Coefficient::GwetAc, Coefficient::FleissKappa,
                                              Coefficient::CongerKappa, Coefficient::KrippendorffAlpha}) {
            CHECK(reason(agreement(one_rater, {coefficient})) == NoAgreement::NoItemWithTwoRatings);
            CHECK(reason(agreement(never_two, {coefficient})) == NoAgreement::NoItemWithTwoRatings);
            CHECK(reason(agreement({}, {coefficient})) == NoAgreement::OneCategoryScale);
            CHECK_FALSE(bootstrap_agreement95(one_rater, {coefficient}));
        }
        CHECK(reason(cohen_kappa(krippendorff_data(), Weights::Identity)) == NoAgreement::NoItemWithTwoRatings);
        CHECK(reason(agreement(one_category, {Coefficient::FleissKappa})) == NoAgreement::OneCategoryUsed);
        CHECK(reason(agreement(one_category, {Coefficient::CongerKappa})) == NoAgreement::OneCategoryUsed);
        CHECK(reason(agreement(one_category, {Coefficient::KrippendorffAlpha})) == NoAgreement::OneCategoryUsed);
        CHECK(reason(ordinal_alpha(one_category)) == NoAgreement::OneCategoryUsed);
    }

    TEST_CASE("perfect agreement has the value 1 and no interval of a single point") {
        const Ratings ratings = from_table({{5, 0}, {0, 4}});
        for (const Coefficient coefficient : {Coefficient::GwetAc, Coefficient::FleissKappa, Coefficient::CongerKappa,
                                              Coefficient::KrippendorffAlpha}) {
            const Agreement perfect = measured(ratings, coefficient);
            CHECK(perfect.value == Approx(1));
            CHECK_FALSE(perfect.standard_error);
            CHECK_FALSE(perfect.ci95);
        }
        CHECK_FALSE(bootstrap_agreement95(ratings, {Coefficient::GwetAc}, {}, {.resamples = 200}));
        CHECK(measured(from_table({{9, 0}, {0, 0}}), Coefficient::GwetAc).value == 1);
    }

    TEST_CASE("the bootstrap's standard error is near the analytic one") {
        const Ratings ratings = from_table({{40, 6, 4, 15}, {4, 25, 1, 5}, {4, 2, 21, 9}, {17, 13, 12, 45}});
        for (const Coefficient coefficient : {Coefficient::RawAgreement, Coefficient::GwetAc, Coefficient::FleissKappa,
                                              Coefficient::CongerKappa, Coefficient::KrippendorffAlpha}) {
            const Agreement analytic = measured(ratings, coefficient);
            const auto bootstrap = bootstrap_agreement95(ratings, {coefficient}, {}, {.seed = 3, .resamples = 2000});
            REQUIRE(bootstrap);
            CHECK(bootstrap->estimate == analytic.value);
            CHECK(bootstrap->standard_error == Approx(*analytic.standard_error).epsilon(0.08));
            CHECK(bootstrap->ci95.low == Approx(analytic.ci95->low).epsilon(0.05));
            CHECK(bootstrap->ci95.high == Approx(analytic.ci95->high).epsilon(0.05));
        }
        const auto ordinal = bootstrap_ordinal_alpha95(ratings, {}, {.seed = 3, .resamples = 500});
        REQUIRE(ordinal);
        CHECK(ordinal->estimate == std::get<Agreement>(ordinal_alpha(ratings)).value);
        CHECK(ordinal->ci95.low < ordinal->estimate);
        CHECK(ordinal->ci95.high > ordinal->estimate);
    }

    TEST_CASE("items of one cluster stay together in the bootstrap") {
        // Every item ten times: ten times the items know no more.
        const Ratings once = from_table({{8, 3}, {2, 7}});
        Ratings tenfold{.scores = once.scores, .items = {}};
        std::vector<std::size_t> cluster_of;
        for (std::size_t item = 0; item < once.items.size(); ++item) {
            tenfold.items.insert(tenfold.items.end(), 10, once.items[item]);
            cluster_of.insert(cluster_of.end(), 10, item);
        }
        const BootstrapSettings settings{.seed = 5, .resamples = 1000};
        const auto alone = bootstrap_agreement95(once, {Coefficient::GwetAc}, {}, settings);
        const auto clustered = bootstrap_agreement95(tenfold, {Coefficient::GwetAc}, cluster_of, settings);
        REQUIRE(alone);
        REQUIRE(clustered);
        CHECK(clustered->standard_error == Approx(alone->standard_error));
        CHECK(clustered->clusters == 20);
    }
}
