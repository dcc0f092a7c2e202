#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "engine/formats/tensor_type.hpp"

namespace engine::formats::blocks {

// Each layout is defined in a file of its own; types that differ only in one field share a file.

#define BELLWETHER_DECLARATION(name, number, products) extern const TensorLayout k##name;
BELLWETHER_BLOCK_TYPES(BELLWETHER_DECLARATION)
#undef BELLWETHER_DECLARATION

/// Reads a little-endian value at any alignment.
template <class Value>
Value load(const std::byte* at) {
    Value value;
    std::memcpy(&value, at, sizeof value);
    return value;
}

inline std::uint8_t byte_at(const std::byte* at, std::size_t index) {
    return static_cast<std::uint8_t>(at[index]);
}
inline float half_at(const std::byte* at, std::size_t offset) {
    return half_to_float(load<std::uint16_t>(at + offset));
}

/// 16 bytes hold 32 nibbles: the low one of byte i is value i, the high one value i + 16.
inline std::uint8_t nibble(const std::byte* bytes, std::size_t index) {
    return index < 16 ? byte_at(bytes, index) & 15 : byte_at(bytes, index - 16) >> 4;
}

/// TensorLayout::unpack of a quantised type: `Quants` reads a block's raw quants, `Values` scales them.
template <void (*Quants)(const std::byte*, std::span<std::uint8_t>),
          void (*Values)(const std::byte*, std::span<const std::uint8_t>, std::span<float>), std::size_t BlockValues,
          std::size_t BlockBytes>
void unpack_quantised(std::span<const std::byte> in, std::span<float> out) {
    std::array<std::uint8_t, BlockValues> quants = {};
    for (std::size_t block = 0; block < out.size() / BlockValues; ++block) {
        Quants(&in[block * BlockBytes], quants);
        Values(&in[block * BlockBytes], quants, out.subspan(block * BlockValues, BlockValues));
    }
}

/// Q4_K and Q5_K pack eight 6-bit scales and eight 6-bit minima into 12 bytes.
struct ScaleAndMin {
    int scale = 0;
    int min = 0;
};
ScaleAndMin k_scale_and_min(const std::byte* packed, std::size_t block);

/// One of the sixteen 6-bit scales of Q3_K, minus 32, from 12 bytes.
int q3_k_scale(const std::byte* packed, std::size_t group);

/// One of the eight 6-bit scales of IQ4_XS, minus 32: its 4 low bits are in 4 bytes, its 2 high bits in a 16-bit word.
int iq4_xs_scale(const std::byte* block, std::size_t index);

/// The value that a nibble of the IQ4 types stands for.
int iq4_value(std::uint8_t nibble);

}  // namespace engine::formats::blocks
