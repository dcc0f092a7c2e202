#pragma once

#include <cstdint>
#include <random>

namespace bench {

/// The bits of two f16 numbers that are neither infinite nor subnormal, whatever block they are a scale of.
inline std::uint32_t random_halves(std::mt19937& random) {
    return (static_cast<std::uint32_t>(random()) & 0x3BFF3BFF) | 0x20002000;
}

}  // namespace bench
