#include "harness/results/answer_rewards.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace harness::results;
using doctest::Approx;

namespace {

/// A prompt whose answers have these rewards by scorers 0 and 1.
PromptRewards prompt(const std::vector<double>& first, const std::vector<double>& second = {}) {
    PromptRewards rewards;
    for (std::uint64_t i = 0; i < first.size(); ++i) rewards[0][i] = first[i];
    for (std::uint64_t i = 0; i < second.size(); ++i) rewards[1][i] = second[i];
    return rewards;
}

}  // namespace

TEST_SUITE("results.safety") {
    TEST_CASE("the expected best of n answers is over all subsets") {
        // Of 1, 2, 6 the pairs have the maxima 2, 6, 6.
        const auto curves = best_of_n_curves({prompt({1, 6, 2})}, {{.scorer = 0}});
        REQUIRE(curves.size() == 1);
        CHECK(curves[0].samples == 3);
        REQUIRE(curves[0].points.size() == 3);
        CHECK(curves[0].points[0].chosen.mean == Approx(3));
        CHECK(curves[0].points[1].chosen.mean == Approx(14.0 / 3));
        CHECK(curves[0].points[2].chosen.mean == Approx(6));
        CHECK(curves[0].points[1].kl == Approx(std::log(2) - 0.5));
        CHECK_FALSE(curves[0].measurer);
    }

    TEST_CASE("prompts with fewer answers than usual are left out and that is said") {
        const auto curves =
            best_of_n_curves({prompt({1, 3}), prompt({2, 4}), prompt({9}), prompt({5, 5})}, {{.scorer = 0}});
        REQUIRE(curves.size() == 1);
        CHECK(curves[0].prompts == 3);
        CHECK(curves[0].samples == 2);
        CHECK(curves[0].remark.empty());  // a single answer is no choice
        const auto three = best_of_n_curves({prompt({1, 3, 4}), prompt({2, 4, 6}), prompt({5, 5})}, {{.scorer = 0}});
        CHECK(three[0].prompts == 2);
        CHECK(three[0].remark == "prompts with fewer scored answers are left out");
        CHECK(best_of_n_curves({prompt({1}), prompt({2})}, {{.scorer = 0}}).empty());
    }

    TEST_CASE("a second model measures what the first has chosen in both directions") {
        // Scorer 1 has the opposite order: what scorer 0 finds best is worst for it. Both have mean 0 and spread 1
        // after whitening, so choosing gains +g for the one and loses g for the other.
        const auto curves = best_of_n_curves({prompt({1, 3}, {3, 1})}, {{.scorer = 0, .half = 1, .half_of = "a"},
                                                                        {.scorer = 1, .half = 2, .half_of = "a"}});
        REQUIRE(curves.size() == 4);
        CHECK(curves[2].chooser == 0);
        CHECK(*curves[2].measurer == 1);
        CHECK(curves[2].remark.empty());
        CHECK(curves[2].points[1].chosen.mean == Approx(1));
        CHECK(curves[2].points[1].measured.mean == Approx(-1));
        CHECK(curves[2].points[1].gap.mean == Approx(2));
        CHECK(*curves[3].measurer == 0);
    }

    TEST_CASE("models that are not of two halves say what that does to the gap") {
        const std::vector<PromptRewards> prompts = {prompt({1, 3}, {3, 1})};
        const auto remark = [&](const RewardSource& first, const RewardSource& second) {
            return best_of_n_curves(prompts, {first, second})[2].remark;
        };
        CHECK(remark({.scorer = 0, .trained_on = "x"}, {.scorer = 1, .trained_on = "x"}) ==
              "both were trained on the same pairs, so the gap is too small");
        CHECK(remark({.scorer = 0}, {.scorer = 1}).starts_with("not known to be trained on the two halves"));
        CHECK(remark({.scorer = 0, .half = 1, .half_of = "a"}, {.scorer = 1, .half = 2, .half_of = "b"})
                  .starts_with("not known"));
    }
}
