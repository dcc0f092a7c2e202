#include "reports/statistics/rater_agreement.hpp"

#include <doctest/doctest.h>

using doctest::Approx;
using namespace reports::statistics;

namespace {

constexpr std::optional<std::size_t> kNot = std::nullopt;
constexpr BootstrapSettings kFew{.resamples = 300};

}  // namespace

TEST_SUITE("reports.rater_agreement") {
    TEST_CASE("the ceiling counts each rater against what the others agree on") {
        const Ratings ratings{.scores = {1, 2, 3},
                              .items = {{0, 0, 0},     // three of three
                                        {0, 0, 1},     // the third against 0; the others are split
                                        {0, 1, 2},     // nobody: the others are split
                                        {1, 1, kNot},  // one other rater is no majority
                                        {2, 2, 2}}};
        const auto ceiling = human_ceiling(ratings, {}, kFew);
        REQUIRE(ceiling);
        CHECK(ceiling->share.part == 6);
        CHECK(ceiling->share.whole == 7);
        CHECK(ceiling->without_majority == 5);
        CHECK(ceiling->raters[0]->value == 1);
        CHECK(ceiling->raters[2]->hits == 2);
        CHECK(ceiling->raters[2]->total == 3);
        CHECK(ceiling->share.ci95.low < 6.0 / 7);
    }

    TEST_CASE("two raters have no ceiling") {
        CHECK_FALSE(human_ceiling({.scores = {1, 2}, .items = {{0, 0}, {1, 1}, {0, 1}}}, {}, kFew));
        CHECK_FALSE(human_ceiling({}, {}, kFew));
    }
}
