#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/formats/tensor_type.hpp"

/// Rows of random weights of any type, for measurements and kernel tests. The same seed gives the same bytes.
namespace random_weights {

class Random {
public:
    explicit Random(std::uint64_t seed = 88172645463325252ULL) : state_(seed) {}

    std::uint64_t next() {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        return state_;
    }
    /// -1 to 1
    float unit() { return static_cast<float>(next() >> 40) / 8388608.0F - 1.0F; }

private:
    std::uint64_t state_;
};

inline std::uint16_t half(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t exponent = bits >> 23 & 255;
    if (exponent < 113) {  // a subnormal half
        return static_cast<std::uint16_t>((bits >> 31) << 15 |
                                          static_cast<std::uint32_t>(std::abs(value) * 16777216.0F));
    }
    return static_cast<std::uint16_t>((bits >> 31) << 15 | (exponent - 112) << 10 | (bits >> 13 & 1023));
}

/// Offsets of the half-precision scales in a block, which must not be random bits (infinities), and a value for them
/// that keeps a model's activations in range.
struct Scales {
    std::vector<std::size_t> offsets;
    float value;
};
inline const std::map<std::string, Scales, std::less<>> kScales = {
    {"Q8_0", {{0}, 0.0004F}},    {"Q4_0", {{0}, 0.006F}},     {"Q4_1", {{0, 2}, 0.006F}},
    {"Q5_0", {{0}, 0.003F}},     {"Q5_1", {{0, 2}, 0.003F}},  {"Q2_K", {{80, 82}, 0.002F}},
    {"Q3_K", {{108}, 0.0005F}},  {"Q4_K", {{0, 2}, 0.0001F}}, {"Q5_K", {{0, 2}, 0.00006F}},
    {"Q6_K", {{208}, 0.00001F}}, {"IQ4_NL", {{0}, 0.0004F}},  {"IQ4_XS", {{0}, 0.00001F}}};

/// Whole blocks of `layout` into `row`.
inline void fill_row(const engine::formats::TensorLayout& layout, Random& random, std::span<std::uint8_t> row) {
    if (layout.block_values == 1) {
        const std::size_t size = layout.block_bytes;
        for (std::size_t at = 0; at < row.size(); at += size) {
            const float value = random.unit() * 0.03F;
            const auto bits = std::bit_cast<std::uint32_t>(value);
            const std::uint32_t stored = size == 4 ? bits : layout.name == "BF16" ? bits >> 16 : half(value);
            std::memcpy(&row[at], &stored, size);
        }
        return;
    }
    for (std::size_t at = 0; at < row.size(); at += 8) {
        const std::uint64_t bits = random.next();
        std::memcpy(&row[at], &bits, std::min<std::size_t>(8, row.size() - at));
    }
    const auto found = kScales.find(layout.name);
    if (found == kScales.end())
        throw std::logic_error("random_weights.hpp does not know the scales of " + std::string(layout.name));
    const Scales& scales = found->second;
    for (std::size_t block = 0; block < row.size(); block += layout.block_bytes) {
        for (const std::size_t at : scales.offsets) {
            const std::uint16_t scale = half(scales.value * (1.5F + random.unit()));
            std::memcpy(&row[block + at], &scale, 2);
        }
    }
}

}  // namespace random_weights
