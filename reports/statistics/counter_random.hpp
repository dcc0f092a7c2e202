#pragma once

#include <cstddef>
#include <cstdint>

namespace reports::statistics {

/// 64 random bits that depend only on (seed, stream, index), so that a resample can be computed alone and in any order:
/// the finaliser of SplitMix64 (Steele, Lea and Flood 2014, OOPSLA, "Fast splittable pseudorandom number generators")
/// applied to each of the three in turn.
constexpr std::uint64_t random_bits(std::uint64_t seed, std::uint64_t stream, std::uint64_t index) {
    constexpr auto kMix = [](std::uint64_t value) {
        value += 0x9e3779b97f4a7c15ULL;
        value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9ULL;
        value = (value ^ (value >> 27U)) * 0x94d049bb133111ebULL;
        return value ^ (value >> 31U);
    };
    return kMix(kMix(kMix(seed) ^ stream) ^ index);
}

/// `bits` as an integer of 0 to size - 1. The probabilities of two integers differ by less than 2^-32; `size` is above
/// 0 and below 2^32.
constexpr std::size_t random_below(std::uint64_t bits, std::size_t size) {
    return static_cast<std::size_t>(((bits >> 32U) * static_cast<std::uint64_t>(size)) >> 32U);
}

/// `bits` as a number of 0 to 1, 1 excluded.
constexpr double random_unit(std::uint64_t bits) {
    return static_cast<double>(bits >> 11U) * 0x1.0p-53;
}

}  // namespace reports::statistics
