#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "safety/reward/pair.hpp"

namespace safety::reward {

/// Hash of a seed and a number (two rounds of SplitMix64's finaliser, Steele, Lea and Flood 2014): the same whatever
/// was hashed before.
std::uint64_t counter_hash(std::uint64_t seed, std::uint64_t number);

/// Shares of the prompt groups; training gets the rest.
struct Shares {
    double validation = 0.2;
    double test = 0;
};

/// Pairs by part, each in the order in which they were given.
struct Split {
    std::vector<Pair> training;
    std::vector<Pair> validation;
    std::vector<Pair> test;
};

/// Puts every prompt group into one part. Groups are ordered by their hash with the seed: the first are validation,
/// then test, then training, with numbers of groups rounded to the nearest integer. So the part of a group depends on
/// the seed and the set of groups, not on the order of pairs. Throws RewardError if shares are negative or leave no
/// training.
Split split_by_group(std::span<const Pair> pairs, const Shares& shares, std::uint64_t seed);

/// The fold of each pair, 0 to folds - 1: groups in the order of their hashes are dealt to the folds in turn, so the
/// numbers of groups differ by at most one. Throws RewardError if there are fewer groups than folds or fewer than two
/// folds.
std::vector<std::size_t> folds_by_group(std::span<const Pair> pairs, std::size_t folds, std::uint64_t seed);

}  // namespace safety::reward
