#include "safety/reward/cross_fit.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "safety/reward/accuracy.hpp"
#include "safety/reward/calibration.hpp"
#include "safety/reward/diagnostics.hpp"
#include "safety/reward/split.hpp"
#include "tests/safety/reward/planted.hpp"

using namespace safety::reward;

TEST_SUITE("safety.reward") {
    // With a standard deviation of 80 of the logits, 0.7 % of the labels contradict the direction.
    TEST_CASE("a planted preference of 4000 pairs is recovered out of fold and calibrated") {
        const Planted planted = plant(4000, 64, 80, 101);
        const CrossFit fit = cross_fit(planted.features(), planted.pairs, {.seed = 5});
        const Tally tally = preference_accuracy(fit.differences);
        const double error = calibration_error(reliability(preference_forecasts(fit.differences)));
        MESSAGE(tally.correct, " of ", tally.total, " pairs, calibration error ", error);
        CHECK(tally.total == 4000);
        CHECK(tally.accuracy() >= 0.98);
        CHECK(error < 0.03);
    }

    TEST_CASE("a weaker planted preference is calibrated too") {
        const Planted planted = plant(4000, 64, 4, 102);
        const CrossFit fit = cross_fit(planted.features(), planted.pairs, {.seed = 5});
        CHECK(calibration_error(reliability(preference_forecasts(fit.differences))) < 0.03);
        // The best possible accuracy with these logits is 0.87.
        CHECK(preference_accuracy(fit.differences).accuracy() == doctest::Approx(0.86).epsilon(0.02));
    }

    TEST_CASE("shuffled labels give half of the pairs within the interval") {
        Planted planted = plant(4000, 64, 80, 103);
        for (std::size_t i = 0; i < planted.pairs.size(); ++i) {
            Pair& pair = planted.pairs[i];
            if (uniform_at(77, i) < 0.5) std::swap(pair.chosen, pair.rejected);
        }
        const CrossFit fit = cross_fit(planted.features(), planted.pairs, {.seed = 5});
        // 3.29 standard errors of 4,000 pairs, 99.9 %: 0.026.
        CHECK(std::abs(preference_accuracy(fit.differences).accuracy() - 0.5) < 0.026);
    }

    // Labels that depend on the prompt alone can be learnt only from the prompt's other pairs.
    TEST_CASE("nothing of a prompt group reaches the head that scores it") {
        // 80 groups of 5 pairs. Feature g marks group g with a sign drawn for the group: whoever has seen one pair of
        // the group knows the others, and nobody else does.
        constexpr std::size_t kGroups = 80;
        std::vector<float> values;
        std::vector<Pair> pairs;
        for (std::uint32_t i = 0; i < 5 * kGroups; ++i) {
            const std::uint32_t group = i % kGroups;
            const float sign = uniform_at(8, group) < 0.5 ? 1 : -1;
            for (const float side : {sign, -sign}) {
                for (std::uint32_t column = 0; column < kGroups; ++column) values.push_back(column == group ? side : 0);
            }
            pairs.push_back({.chosen = 2 * i, .rejected = 2 * i + 1, .group = group});
        }
        const FeatureView features{values, kGroups};
        const CrossFit fit = cross_fit(features, pairs, {.grid = {.standardise = {Standardise::No}, .l2 = {0.01}}});
        for (const double difference : fit.differences) CHECK(std::abs(difference) < 1e-9);
        // The features do tell the pairs apart: trained on all pairs, every one is right.
        const Head seen = train(features, pairs, pairs, {.standardise = {Standardise::No}, .l2 = {0.01}});
        CHECK(preference_accuracy(differences_of(seen.scores(features), pairs)).accuracy() == 1);
    }

    TEST_CASE("out-of-fold scores belong to the head of the pair's fold") {
        Planted planted = plant(60, 3, 4, 104);
        planted.values.resize(planted.values.size() + 3, 1.0F);  // a row in no pair
        planted.pairs[5].bin = SafetyBin::ChosenUnsafe;
        const CrossFit fit = cross_fit(planted.features(), planted.pairs, {.folds = 4});
        REQUIRE(fit.heads.size() == 4);
        CHECK(fit.folds == folds_by_group(planted.pairs, 4, 0));
        CHECK_FALSE(fit.scores.back().has_value());
        for (std::size_t i = 0; i < planted.pairs.size(); ++i) {
            const Pair& pair = planted.pairs[i];
            const Head& head = fit.heads[fit.folds[i]];
            CHECK(fit.scores[pair.chosen] == head.score(planted.features().row(pair.chosen)));
            CHECK(fit.differences[i] == *fit.scores[pair.chosen] - *fit.scores[pair.rejected]);
        }
    }

    TEST_CASE("a planted length preference shows in the diagnostics") {
        // Feature 0 follows the logarithm of the length; raters prefer the longer answer. The other features are noise.
        constexpr std::size_t kPairs = 2000;
        Planted planted = plant(kPairs, 8, 1, 105);
        std::vector<double> lengths;
        for (std::size_t row = 0; row < 2 * kPairs; ++row) {
            lengths.push_back(std::exp(4 + 0.5 * normal_at(6, row)));
            planted.values[row * 8] = static_cast<float>(std::log(lengths[row]) + 0.05 * normal_at(7, row));
        }
        for (std::uint32_t i = 0; i < kPairs; ++i) {
            const double logit =
                8 * (std::log(lengths[std::size_t{2} * i]) - std::log(lengths[std::size_t{2} * i + 1]));
            const bool first = uniform_at(9, i) < sigmoid(logit);
            planted.pairs[i].chosen = 2 * i + (first ? 0 : 1);
            planted.pairs[i].rejected = 2 * i + (first ? 1 : 0);
        }
        const CrossFit fit = cross_fit(planted.features(), planted.pairs, {.seed = 5});
        std::vector<double> scores;
        for (const auto& score : fit.scores) scores.push_back(score.value());
        const double overall = preference_accuracy(fit.differences).accuracy();
        const Tally matched = length_matched_accuracy(fit.differences, planted.pairs, lengths);
        CHECK(overall > 0.85);
        CHECK(spearman(scores, lengths).value() > 0.95);
        CHECK(matched.total > 100);
        CHECK(matched.accuracy() < 0.65);  // where length cannot help, little is left
    }
}
