#include "reports/statistics/rank_correlation.hpp"

#include <doctest/doctest.h>

using doctest::Approx;
using namespace reports::statistics;

namespace {

using Numbers = std::vector<double>;
const Numbers kX = {10, 20, 20, 40, 50, 60, 70, 80};
const Numbers kY = {1, 3, 2, 4, 4, 4, 7, 5};

}  // namespace

TEST_SUITE("reports.rank_correlation") {
    TEST_CASE("Pearson's correlation and interval equal SciPy's") {
        // scipy.stats.pearsonr and its confidence_interval()
        const auto ten = pearson(Numbers{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, Numbers{2, 1, 4, 3, 7, 5, 8, 6, 10, 9});
        REQUIRE(ten);
        CHECK(ten->value == Approx(0.9030303030303025));
        CHECK(ten->ci95->low == Approx(0.6337181810830425));
        CHECK(ten->ci95->high == Approx(0.9771033564826415));
        const auto tied = pearson(kX, kY);
        CHECK(tied->value == Approx(0.8756204164406801));
        CHECK(tied->ci95->low == Approx(0.446368394112556));
    }

    TEST_CASE("Spearman's correlation equals SciPy's and its interval Bonett and Wright's formula") {
        const auto result = spearman(kX, kY);
        REQUIRE(result);
        CHECK(result->value == Approx(0.9449453353220958));      // scipy.stats.spearmanr
        CHECK(result->ci95->low == Approx(0.6219305510353399));  // NumPy
        CHECK(result->ci95->high == Approx(0.9931486869390456));
        CHECK(result->pairs == 8);
        CHECK(mean_ranks(kY) == Numbers{1, 3, 2, 5, 5, 5, 8, 7});  // scipy.stats.rankdata
    }

    TEST_CASE("a correlation that does not exist is absent and a perfect one has no interval") {
        CHECK_FALSE(pearson(Numbers{1}, Numbers{1}));
        CHECK_FALSE(pearson(Numbers{}, Numbers{}));
        CHECK_FALSE(pearson(Numbers{1, 2, 3}, Numbers{0.1, 0.1, 0.1}));
        CHECK_FALSE(spearman(Numbers{2, 2, 2, 2}, Numbers{1, 2, 3, 4}));
        const auto perfect = spearman(Numbers{1, 2, 3, 4, 5}, Numbers{1, 8, 27, 64, 125});
        REQUIRE(perfect);
        CHECK(perfect->value == Approx(1));
        CHECK_FALSE(perfect->ci95);
        CHECK_FALSE(pearson(Numbers{1, 2, 3}, Numbers{1, 3, 2})->ci95);
    }

    TEST_CASE("a falling relation is negative") {
        CHECK(spearman(Numbers{1, 2, 3, 4, 5}, Numbers{9, 7, 5, 6, 1})->value == Approx(-0.9));  // 1 - 6 * 38 / 120
    }
}
