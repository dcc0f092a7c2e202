#include "safety/reward/trainer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "safety/reward/accuracy.hpp"
#include "safety/reward/calibration.hpp"
#include "safety/reward/error.hpp"
#include "safety/reward/split.hpp"
#include "tests/safety/reward/planted.hpp"

using namespace safety::reward;

namespace {

Head trained(const Planted& planted, const Grid& grid = {}) {
    const Split split = split_by_group(planted.pairs, {.validation = 0.2}, 11);
    return train(planted.features(), split.training, split.validation, grid);
}

bool same_bits(const Head& a, const Head& b) {
    return a.weights == b.weights && a.bias == b.bias && a.scaling.mean == b.scaling.mean &&
           a.scaling.scale == b.scaling.scale && a.temperature == b.temperature && a.settings == b.settings &&
           a.validation_loss == b.validation_loss;
}

/// The same pairs with rows and pairs in another order.
Planted shuffled(const Planted& planted) {
    const std::size_t rows = std::max<std::size_t>(2 * planted.pairs.size(), 1);
    Planted result = planted;
    const auto moved = [&](std::size_t row) { return (row * 7 + 3) % rows; };  // 7 does not divide the rows below
    for (std::size_t row = 0; row < rows; ++row) {
        const auto from = planted.features().row(row);
        std::copy(from.begin(), from.end(),
                  result.values.begin() + static_cast<std::ptrdiff_t>(moved(row) * planted.dim));
    }
    for (Pair& pair : result.pairs) {
        pair.chosen = static_cast<std::uint32_t>(moved(pair.chosen));
        pair.rejected = static_cast<std::uint32_t>(moved(pair.rejected));
    }
    std::reverse(result.pairs.begin(), result.pairs.end());
    std::rotate(result.pairs.begin(), result.pairs.begin() + 13, result.pairs.end());
    return result;
}

/// Answers are safe where the planted score is above 0.
Planted with_bins(Planted planted) {
    for (Pair& pair : planted.pairs) {
        const bool chosen = dot(planted.direction, planted.features().row(pair.chosen)) > 0;
        const bool rejected = dot(planted.direction, planted.features().row(pair.rejected)) > 0;
        pair.bin = chosen ? (rejected ? SafetyBin::BothSafe : SafetyBin::ChosenSafe)
                          : (rejected ? SafetyBin::ChosenUnsafe : SafetyBin::BothUnsafe);
    }
    return planted;
}

}  // namespace

TEST_SUITE("safety.reward") {
    TEST_CASE("a trained head finds the planted direction and the scale of its logits") {
        const Planted planted = plant(3000, 16, 3, 21);
        const Head head = trained(planted);
        double product = 0;
        double squares = 0;
        double planted_squares = 0;
        for (std::size_t column = 0; column < planted.dim; ++column) {
            const double weight = head.weights[column] / head.scaling.scale[column] / head.temperature;
            product += weight * planted.direction[column];
            squares += weight * weight;
            planted_squares += planted.direction[column] * planted.direction[column];
        }
        CHECK(product / std::sqrt(squares * planted_squares) > 0.99);
        // The standard error of the scale, from 600 validation pairs, is about 7 %.
        CHECK(std::sqrt(squares / planted_squares) == doctest::Approx(1).epsilon(0.2));
        CHECK(head.stop == Stop::Converged);
        CHECK(head.training_pairs == 2400);
        CHECK(head.validation_pairs == 600);
        REQUIRE(head.curve.size() > 1);
        CHECK(head.curve.back().value < head.curve.front().value);
    }

    TEST_CASE("a head has the same bits when it is trained again and when rows and pairs are in another order") {
        const Planted planted = with_bins(plant(300, 9, 4, 31));
        const Head head = trained(planted);
        CHECK(same_bits(head, trained(planted)));
        const Planted other = shuffled(planted);
        REQUIRE(other.values != planted.values);
        CHECK(same_bits(head, trained(other)));
    }

    TEST_CASE("features of very different scales are learnt when they are standardised") {
        Planted planted = plant(1000, 8, 6, 41);
        for (std::size_t i = 0; i < planted.values.size(); ++i)
            planted.values[i] = planted.values[i] * static_cast<float>(std::pow(10.0, i % 8)) + 1000;
        const Head head = trained(planted);
        CHECK(head.settings.standardise == Standardise::Yes);
        const auto differences = differences_of(head.scores(planted.features()), planted.pairs);
        CHECK(preference_accuracy(differences).accuracy() > 0.88);
    }

    TEST_CASE("a feature that is constant does not disturb a head") {
        Planted planted = plant(500, 4, 6, 51);
        for (std::size_t i = 3; i < planted.values.size(); i += 4) planted.values[i] = 0.1F;
        const Head head = trained(planted);
        CHECK(head.scaling.scale[3] >= 0.1);
        CHECK(std::abs(head.weights[3]) < 1e-6);
    }

    TEST_CASE("settings are those with the lowest loss on validation pairs") {
        const Planted planted = plant(400, 60, 1, 61);  // many features, noisy labels: little penalty overfits
        const Split split = split_by_group(planted.pairs, {.validation = 0.3}, 11);
        const auto fitted = [&](double l2) {
            return train(planted.features(), split.training, split.validation,
                         {.standardise = {Standardise::Yes}, .l2 = {l2}, .margins = {Margins::None}});
        };
        double best = 1e9;
        double best_l2 = 0;
        for (const double l2 : {1.0, 0.1, 0.01, 0.001}) {
            const Head head = fitted(l2);
            const auto scores = head.scores(planted.features());
            CHECK(head.validation_loss ==
                  doctest::Approx(preference_log_loss(differences_of(scores, split.validation))).epsilon(1e-10));
            if (head.validation_loss < best) {
                best = head.validation_loss;
                best_l2 = l2;
            }
        }
        const Head chosen =
            train(planted.features(), split.training, split.validation,
                  {.standardise = {Standardise::Yes}, .l2 = {1, 0.1, 0.01, 0.001}, .margins = {Margins::None}});
        CHECK(chosen.settings.l2 == best_l2);
        CHECK(chosen.validation_loss == doctest::Approx(best).epsilon(1e-6));
    }

    TEST_CASE("labels of safe and unsafe answers give the score a zero between them") {
        const Planted planted = with_bins(plant(1500, 8, 6, 71));
        const Split split = split_by_group(planted.pairs, {.validation = 0.2, .test = 0.3}, 11);
        const Head head = train(planted.features(), split.training, split.validation, {});
        CHECK(head.settings.auxiliary > 0);
        const Tally recall = unsafe_recall(head.scores(planted.features()), split.test);
        CHECK(recall.total > 300);
        CHECK(recall.accuracy() > 0.95);
    }

    TEST_CASE("labels of one kind leave the auxiliary term out") {
        Planted planted = plant(200, 4, 4, 81);
        for (Pair& pair : planted.pairs) pair.bin = SafetyBin::BothSafe;
        const Head head = trained(planted);
        CHECK(head.settings.auxiliary == 0);
        CHECK(head.bias == 0);
        CHECK_THROWS_WITH_AS(trained(planted, {.auxiliary = {1}}), doctest::Contains("auxiliary term"), RewardError);
    }

    TEST_CASE("pairs that are excluded by rule change nothing") {
        Planted planted = plant(200, 4, 4, 91);
        const Split split = split_by_group(planted.pairs, {.validation = 0.2}, 11);
        const Head without = train(planted.features(), split.training, split.validation, {});
        std::vector<Pair> more = split.training;
        for (std::size_t i = 0; i < 30; ++i) {
            more.push_back(split.training[i]);
            std::swap(more.back().chosen, more.back().rejected);
            more.back().bin = SafetyBin::ChosenUnsafe;
        }
        const Head with = train(planted.features(), more, split.validation, {});
        CHECK(with.weights == without.weights);
        CHECK(with.training_pairs == split.training.size());
    }

    TEST_CASE("training without pairs or with a wrong grid is refused") {
        const Planted planted = plant(20, 3, 2, 1);
        const std::vector<Pair>& pairs = planted.pairs;
        CHECK_THROWS_WITH_AS(train(planted.features(), {}, pairs, {}), "training: no training pairs", RewardError);
        CHECK_THROWS_WITH_AS(train(planted.features(), pairs, {}, {}), doctest::Contains("no validation pairs"),
                             RewardError);
        CHECK_THROWS_AS(train(planted.features(), pairs, pairs, {.l2 = {}}), RewardError);
        CHECK_THROWS_AS(train(planted.features(), pairs, pairs, {.l2 = {-1}}), RewardError);
        const Head head = train(planted.features(), pairs, pairs, {});
        CHECK_THROWS_WITH_AS(head.score(std::vector<float>{1, 2}), "score: 2 features, the head has 3", RewardError);
        CHECK_THROWS_AS(head.score(std::vector<float>{1, 2, std::nanf("")}), RewardError);
    }
}
