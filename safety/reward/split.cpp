#include "safety/reward/split.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <utility>

#include "safety/reward/error.hpp"

namespace safety::reward {
namespace {

std::uint64_t mix(std::uint64_t value) {
    value += 0x9E3779B97F4A7C15ULL;
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9ULL;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBULL;
    return value ^ (value >> 31);
}

/// The place of each group in the order of hashes. The hash is a bijection for one seed, so no two are equal.
std::unordered_map<std::uint64_t, std::size_t> places_of(std::span<const Pair> pairs, std::uint64_t seed) {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> groups;  // hash, group
    groups.reserve(pairs.size());
    for (const Pair& pair : pairs) groups.emplace_back(counter_hash(seed, pair.group), pair.group);
    std::sort(groups.begin(), groups.end());
    groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
    std::unordered_map<std::uint64_t, std::size_t> places;
    for (std::size_t place = 0; place < groups.size(); ++place) places.emplace(groups[place].second, place);
    return places;
}

}  // namespace

std::uint64_t counter_hash(std::uint64_t seed, std::uint64_t number) {
    return mix(mix(seed) ^ number);
}

Split split_by_group(std::span<const Pair> pairs, const Shares& shares, std::uint64_t seed) {
    if (!(shares.validation >= 0 && shares.test >= 0 && shares.validation + shares.test < 1))
        throw RewardError(
            fmt::format("split: shares {} (validation) and {} (test) must be at least 0 and leave a part "
                        "for training",
                        shares.validation, shares.test));
    const auto places = places_of(pairs, seed);
    const auto groups = static_cast<double>(places.size());
    const auto validation = static_cast<std::size_t>(std::lround(groups * shares.validation));
    const auto test = static_cast<std::size_t>(std::lround(groups * shares.test));
    Split split;
    for (const Pair& pair : pairs) {
        const std::size_t place = places.at(pair.group);
        auto& part = place < validation ? split.validation : place < validation + test ? split.test : split.training;
        part.push_back(pair);
    }
    return split;
}

std::vector<std::size_t> folds_by_group(std::span<const Pair> pairs, std::size_t folds, std::uint64_t seed) {
    const auto places = places_of(pairs, seed);
    if (folds < 2 || places.size() < folds)
        throw RewardError(fmt::format(
            "folds: {} folds of {} prompt groups; needs at least 2 folds and a group for each", folds, places.size()));
    std::vector<std::size_t> fold_of;
    fold_of.reserve(pairs.size());
    for (const Pair& pair : pairs) fold_of.push_back(places.at(pair.group) % folds);
    return fold_of;
}

}  // namespace safety::reward
