#include <doctest/doctest.h>

#include "harness/base/usage_error.hpp"
#include "harness/scoring/preference_pair.hpp"
#include "harness/scoring/reward_pairs.hpp"

using namespace harness::scoring;
using safety::reward::SafetyBin;
using safety::reward::Strength;

namespace {

RatedPair rated() {
    return {.where = "study s, item 3",
            .turns_json = R"([{"role":"user","content":"Hi"}])",
            .chosen = "a",
            .rejected = "b",
            .strength = "slightly",
            .bin = "both_safe"};
}

std::string complaint(const RatedPair& pair) {
    try {
        preference_pair(pair);
    } catch (const harness::base::UsageError& error) {
        return error.what();
    }
    return "read";
}

}  // namespace

TEST_SUITE("scoring.pairs") {
    TEST_CASE("a rated pair keeps its strength and safety bin and equal answers are no pair") {
        const auto pair = preference_pair(rated());
        REQUIRE(pair.has_value());
        CHECK(pair->strength == Strength::Slightly);
        CHECK(pair->bin == SafetyBin::BothSafe);
        CHECK(pair->turns.at(0).content == "Hi");
        RatedPair equal = rated();
        equal.rejected = "a";
        CHECK_FALSE(preference_pair(equal).has_value());
    }

    TEST_CASE("words and turns that are none are named with their item") {
        RatedPair pair = rated();
        pair.strength = "hugely";
        CHECK(complaint(pair) == "study s, item 3: unknown strength 'hugely'");
        pair = rated();
        pair.bin = "safe";
        CHECK(complaint(pair) == "study s, item 3: unknown safety bin 'safe'");
        pair = rated();
        pair.turns_json = R"([{"role":"assistant","content":"Hi"}])";
        CHECK(complaint(pair).starts_with("study s, item 3: its prompt is no conversation"));
    }

    TEST_CASE("halves share no prompt and together are all pairs") {
        std::vector<PreferencePair> pairs;
        pairs.reserve(60);
        for (int i = 0; i < 60; ++i)
            pairs.push_back({.turns = {{suites::Role::User, "Q" + std::to_string(i / 3)}},
                             .chosen = "a" + std::to_string(i),
                             .rejected = "b"});
        const auto first = half_of_pairs(pairs, 1, 7);
        const auto second = half_of_pairs(pairs, 2, 7);
        CHECK(first.size() == 30);
        CHECK(second.size() == 30);
        for (const PreferencePair& one : first) {
            for (const PreferencePair& other : second) CHECK(prompt_group(one.turns) != prompt_group(other.turns));
        }
        CHECK(data_hash(half_of_pairs(pairs, 1, 7)) == data_hash(first));
        CHECK(data_hash(half_of_pairs(pairs, 1, 8)) != data_hash(first));
    }
}
