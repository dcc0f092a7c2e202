#include "safety/reward/diagnostics.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace safety::reward;

TEST_SUITE("safety.reward") {
    // Expected: scipy.stats.pearsonr and spearmanr.
    TEST_CASE("correlations are those of scipy even with equal values") {
        const std::vector<double> a = {1, 2, 2, 4, 5, 7.5, 7.5, 9};
        const std::vector<double> b = {2, 1, 3, 3, 8, 5, 9, 7};
        CHECK(pearson(a, b).value() == doctest::Approx(0.7952384429746018).epsilon(1e-13));
        CHECK(spearman(a, b).value() == doctest::Approx(0.7939539754135209).epsilon(1e-13));
    }

    TEST_CASE("a monotone relation has rank correlation 1 and a constant has none") {
        const std::vector<double> a = {1, 2, 3, 4};
        const std::vector<double> cubes = {1, 8, 27, 64};
        CHECK(spearman(a, cubes).value() == doctest::Approx(1));
        CHECK(pearson(a, cubes).value() < 0.97);
        CHECK_FALSE(pearson(a, std::vector<double>{0.1, 0.1, 0.1, 0.1}).has_value());
        CHECK_FALSE(pearson({}, {}).has_value());
    }

    TEST_CASE("style associations name the property that the reward follows") {
        const std::vector<double> rewards = {1, 2, 3, 4};
        const std::vector<double> length = {5, 3, 3, 5};
        const std::vector<double> refusal = {1, 1, 0, 0};
        const std::vector<double> lists = {0, 0, 0, 0};
        const StyleAssociations found = style_associations(rewards, {length, refusal, lists});
        CHECK(found.length.pearson.value() == doctest::Approx(0));
        // Deviations -1.5, -0.5, 0.5, 1.5 and 0.5, 0.5, -0.5, -0.5: -2 / sqrt(5 * 1).
        CHECK(found.refusal.pearson.value() == doctest::Approx(-0.894427191));
        CHECK(found.refusal.spearman.value() == doctest::Approx(-0.894427191));
        CHECK_FALSE(found.lists.pearson.has_value());
    }

    TEST_CASE("length-matched pairs differ by at most a tenth of the shorter answer") {
        const std::vector<double> lengths = {100, 110, 100, 111, 90, 100, 0, 0, 0, 1};
        const std::vector<Pair> pairs = {{0, 1}, {2, 3}, {4, 5}, {6, 7}, {8, 9}};
        // Pairs 0 (ratio 1.1) and 3 (both empty) match; 1 (1.11), 2 (1.111) and 4 do not.
        const Tally tally = length_matched_accuracy(std::vector<double>{1, 1, 1, -1, 1}, pairs, lengths);
        CHECK(tally == Tally{.correct = 1, .ties = 0, .total = 2});
    }

    TEST_CASE("an answer under another prompt is compared with the same answer under its own") {
        const Tally tally =
            swapped_prompt_accuracy(std::vector<double>{1, 2, 3, 4}, std::vector<double>{0.5, 2, 3.5, -1});
        CHECK(tally == Tally{.correct = 2, .ties = 1, .total = 4});
        CHECK(tally.accuracy() == 0.625);
    }
}
