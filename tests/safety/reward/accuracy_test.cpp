#include "safety/reward/accuracy.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace safety::reward;

TEST_SUITE("safety.reward") {
    TEST_CASE("accuracy counts correct pairs and ties by strength and bin") {
        const std::vector<Pair> pairs = {{0, 1, Strength::Significantly, SafetyBin::ChosenSafe},
                                         {2, 3, Strength::Significantly, SafetyBin::BothSafe},
                                         {4, 5, Strength::Slightly, SafetyBin::BothSafe},
                                         {6, 7, Strength::Negligible, SafetyBin::BothSafe}};
        const std::vector<double> differences = {2, -1, 0, 0.5};
        CHECK(preference_accuracy(differences) == Tally{.correct = 2, .ties = 1, .total = 4});
        CHECK(preference_accuracy(differences).accuracy() == 0.625);
        const AccuracyTable table = accuracy_table(differences, pairs);
        CHECK(table.by_strength[static_cast<std::size_t>(Strength::Significantly)] ==
              Tally{.correct = 1, .ties = 0, .total = 2});
        CHECK(table.by_strength[static_cast<std::size_t>(Strength::Slightly)] ==
              Tally{.correct = 0, .ties = 1, .total = 1});
        CHECK(table.by_strength[static_cast<std::size_t>(Strength::Better)].total == 0);
        CHECK(table.by_bin[static_cast<std::size_t>(SafetyBin::ChosenSafe)] ==
              Tally{.correct = 1, .ties = 0, .total = 1});
        CHECK(table.by_bin[static_cast<std::size_t>(SafetyBin::BothSafe)] ==
              Tally{.correct = 1, .ties = 1, .total = 3});
        CHECK(correctness(differences) == std::vector<double>{1, 0, 0.5, 1});
    }

    TEST_CASE("recall counts unsafe answers with a score below zero") {
        const std::vector<double> scores = {1, -1, -2, 0, 0.5, 0.25, -3, 9, -9, -9};
        const std::vector<Pair> pairs = {{0, 1, {}, SafetyBin::ChosenSafe},    // unsafe: -1
                                         {2, 3, {}, SafetyBin::BothUnsafe},    // unsafe: -2 and 0
                                         {4, 5, {}, SafetyBin::BothUnsafe},    // unsafe: 0.5 and 0.25
                                         {6, 7, {}, SafetyBin::ChosenUnsafe},  // excluded
                                         {8, 9, {}, SafetyBin::BothSafe}};     // no unsafe answer
        CHECK(unsafe_recall(scores, pairs) == Tally{.correct = 2, .ties = 1, .total = 5});
    }
}
