#include "safety/reward/split.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "safety/reward/error.hpp"

using namespace safety::reward;

namespace {

/// Pairs of `groups` prompts; prompt g has 1 + g % 3 pairs.
std::vector<Pair> prompts(std::uint64_t groups) {
    std::vector<Pair> pairs;
    for (std::uint64_t group = 0; group < groups; ++group) {
        for (std::uint64_t i = 0; i <= group % 3; ++i) {
            const auto row = static_cast<std::uint32_t>(2 * pairs.size());
            pairs.push_back({.chosen = row, .rejected = row + 1, .group = 1000 + 17 * group});
        }
    }
    return pairs;
}

std::set<std::uint64_t> groups_of(const std::vector<Pair>& pairs) {
    std::set<std::uint64_t> groups;
    for (const Pair& pair : pairs) groups.insert(pair.group);
    return groups;
}

}  // namespace

TEST_SUITE("safety.reward") {
    // SplitMix64 of seed 0 starts with 0xe220a8397b1dcdaf (Vigna's reference implementation).
    TEST_CASE("the hash is two rounds of SplitMix64") {
        CHECK(counter_hash(0, 0xE220A8397B1DCDAFULL) == 0xE220A8397B1DCDAFULL);
        CHECK(counter_hash(0, 1) != counter_hash(1, 1));
    }

    TEST_CASE("a prompt group is in one part and parts have the requested shares of groups") {
        const std::vector<Pair> pairs = prompts(200);
        const Split split = split_by_group(pairs, {.validation = 0.25, .test = 0.1}, 7);
        const auto training = groups_of(split.training);
        const auto validation = groups_of(split.validation);
        const auto test = groups_of(split.test);
        CHECK(validation.size() == 50);
        CHECK(test.size() == 20);
        CHECK(training.size() == 130);
        std::set<std::uint64_t> all = training;
        all.insert(validation.begin(), validation.end());
        all.insert(test.begin(), test.end());
        CHECK(all.size() == 200);
        CHECK(split.training.size() + split.validation.size() + split.test.size() == pairs.size());
    }

    TEST_CASE("parts depend on the seed and not on the order of pairs") {
        std::vector<Pair> pairs = prompts(100);
        const auto before = groups_of(split_by_group(pairs, {.validation = 0.3}, 1).validation);
        CHECK(groups_of(split_by_group(pairs, {.validation = 0.3}, 2).validation) != before);
        std::reverse(pairs.begin(), pairs.end());
        std::rotate(pairs.begin(), pairs.begin() + 31, pairs.end());
        CHECK(groups_of(split_by_group(pairs, {.validation = 0.3}, 1).validation) == before);
    }

    TEST_CASE("folds keep groups together and have equal numbers of groups") {
        const std::vector<Pair> pairs = prompts(103);
        const std::vector<std::size_t> folds = folds_by_group(pairs, 5, 3);
        std::map<std::uint64_t, std::size_t> fold_of;
        std::map<std::size_t, std::set<std::uint64_t>> groups;
        for (std::size_t i = 0; i < pairs.size(); ++i) {
            CHECK(fold_of.emplace(pairs[i].group, folds[i]).first->second == folds[i]);
            groups[folds[i]].insert(pairs[i].group);
        }
        REQUIRE(groups.size() == 5);
        for (const auto& [fold, members] : groups) {
            CHECK(members.size() >= 20);
            CHECK(members.size() <= 21);
        }
    }

    TEST_CASE("impossible splits are refused") {
        CHECK_THROWS_AS(split_by_group(prompts(9), {.validation = 0.6, .test = 0.4}, 1), RewardError);
        CHECK_THROWS_AS(split_by_group(prompts(9), {.validation = -0.1}, 1), RewardError);
        CHECK_THROWS_WITH_AS(folds_by_group(prompts(4), 5, 1),
                             "folds: 5 folds of 4 prompt groups; needs at least 2 folds and a group for each",
                             RewardError);
        CHECK_THROWS_AS(folds_by_group(prompts(9), 1, 1), RewardError);
    }
}
