#include "safety/reward/pair.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <vector>

#include "safety/reward/error.hpp"

using namespace safety::reward;

namespace {

std::string mistake(const std::vector<float>& values, std::size_t dim, const std::vector<Pair>& pairs) {
    try {
        check_pairs({values, dim}, pairs);
    } catch (const RewardError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_SUITE("safety.reward") {
    // Llama 2 paper, section 3.2.1.
    TEST_CASE("a bin tells the labels of both answers") {
        CHECK(chosen_safety(SafetyBin::ChosenSafe) == Safety::Safe);
        CHECK(rejected_safety(SafetyBin::ChosenSafe) == Safety::Unsafe);
        CHECK(chosen_safety(SafetyBin::BothSafe) == Safety::Safe);
        CHECK(rejected_safety(SafetyBin::BothSafe) == Safety::Safe);
        CHECK(chosen_safety(SafetyBin::BothUnsafe) == Safety::Unsafe);
        CHECK(rejected_safety(SafetyBin::BothUnsafe) == Safety::Unsafe);
        CHECK(chosen_safety(SafetyBin::ChosenUnsafe) == Safety::Unsafe);
        CHECK(rejected_safety(SafetyBin::ChosenUnsafe) == Safety::Safe);
        CHECK_FALSE(chosen_safety(SafetyBin::Unknown).has_value());
        CHECK_FALSE(rejected_safety(SafetyBin::Unknown).has_value());
    }

    TEST_CASE("pairs with an unsafe chosen and a safe rejected answer are excluded") {
        const std::vector<Pair> pairs = {{.chosen = 0, .rejected = 1, .bin = SafetyBin::BothSafe},
                                         {.chosen = 2, .rejected = 3, .bin = SafetyBin::ChosenUnsafe},
                                         {.chosen = 4, .rejected = 5}};
        const std::vector<Pair> usable = usable_pairs(pairs);
        REQUIRE(usable.size() == 2);
        CHECK(usable[0].chosen == 0);
        CHECK(usable[1].chosen == 4);
    }

    TEST_CASE("pairs that cannot be trained on are named") {
        const std::vector<float> four = {1, 2, 3, 4};
        CHECK(mistake(four, 1, {{.chosen = 0, .rejected = 1, .group = 1}, {.chosen = 2, .rejected = 3, .group = 2}})
                  .empty());
        CHECK(mistake(four, 3, {}) == "features: 4 values do not fill rows of 3");
        CHECK(mistake({1, std::numeric_limits<float>::infinity()}, 1, {}) ==
              "features: row 1, column 0 is not a finite number");
        CHECK(mistake(four, 2, {{.chosen = 1, .rejected = 1}}) == "pair 0: chosen and rejected are both row 1");
        CHECK(mistake(four, 2, {{.chosen = 0, .rejected = 2}}) == "pair 0: row 2 does not exist, there are 2 rows");
        CHECK(mistake(four, 1, {{.chosen = 0, .rejected = 1, .group = 7}, {.chosen = 2, .rejected = 0, .group = 8}}) ==
              "pair 1: row 0 is in prompt groups 7 and 8, expected one");
    }
}
