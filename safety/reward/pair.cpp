#include "safety/reward/pair.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <compare>
#include <tuple>

#include "safety/reward/error.hpp"

namespace safety::reward {
namespace {

std::strong_ordering compare_bits(std::span<const float> a, std::span<const float> b) {
    for (std::size_t column = 0; column < a.size(); ++column) {
        const auto order = std::bit_cast<std::uint32_t>(a[column]) <=> std::bit_cast<std::uint32_t>(b[column]);
        if (std::is_neq(order)) return order;
    }
    return std::strong_ordering::equal;
}

}  // namespace

std::optional<Safety> chosen_safety(SafetyBin bin) {
    switch (bin) {
        case SafetyBin::ChosenSafe:
        case SafetyBin::BothSafe: return Safety::Safe;
        case SafetyBin::BothUnsafe:
        case SafetyBin::ChosenUnsafe: return Safety::Unsafe;
        case SafetyBin::Unknown: break;
    }
    return std::nullopt;
}

std::optional<Safety> rejected_safety(SafetyBin bin) {
    switch (bin) {
        case SafetyBin::BothSafe:
        case SafetyBin::ChosenUnsafe: return Safety::Safe;
        case SafetyBin::ChosenSafe:
        case SafetyBin::BothUnsafe: return Safety::Unsafe;
        case SafetyBin::Unknown: break;
    }
    return std::nullopt;
}

std::vector<Pair> usable_pairs(std::span<const Pair> pairs) {
    std::vector<Pair> usable;
    std::copy_if(pairs.begin(), pairs.end(), std::back_inserter(usable),
                 [](const Pair& pair) { return pair.bin != SafetyBin::ChosenUnsafe; });
    return usable;
}

std::vector<Pair> canonical_order(const FeatureView& features, std::span<const Pair> pairs) {
    std::vector<Pair> ordered(pairs.begin(), pairs.end());
    // Few pairs share a group, so feature vectors are rarely compared.
    std::sort(ordered.begin(), ordered.end(), [&](const Pair& a, const Pair& b) {
        const auto key = [](const Pair& pair) { return std::tuple(pair.group, pair.strength, pair.bin); };
        if (key(a) != key(b)) return key(a) < key(b);
        const auto chosen = compare_bits(features.row(a.chosen), features.row(b.chosen));
        if (std::is_neq(chosen)) return std::is_lt(chosen);
        return std::is_lt(compare_bits(features.row(a.rejected), features.row(b.rejected)));
    });
    return ordered;
}

void check_pairs(const FeatureView& features, std::span<const Pair> pairs) {
    if (features.dim == 0 || features.values.size() % features.dim != 0)
        throw RewardError(
            fmt::format("features: {} values do not fill rows of {}", features.values.size(), features.dim));
    for (std::size_t index = 0; index < features.values.size(); ++index) {
        if (!std::isfinite(features.values[index]))
            throw RewardError(fmt::format("features: row {}, column {} is not a finite number", index / features.dim,
                                          index % features.dim));
    }
    std::vector<std::optional<std::uint64_t>> group_of(features.rows());
    for (std::size_t index = 0; index < pairs.size(); ++index) {
        const Pair& pair = pairs[index];
        if (pair.chosen == pair.rejected)
            throw RewardError(fmt::format("pair {}: chosen and rejected are both row {}", index, pair.chosen));
        for (const std::uint32_t row : {pair.chosen, pair.rejected}) {
            if (row >= features.rows())
                throw RewardError(
                    fmt::format("pair {}: row {} does not exist, there are {} rows", index, row, features.rows()));
            if (group_of[row] && *group_of[row] != pair.group)
                throw RewardError(fmt::format("pair {}: row {} is in prompt groups {} and {}, expected one", index, row,
                                              *group_of[row], pair.group));
            group_of[row] = pair.group;
        }
    }
}

}  // namespace safety::reward
