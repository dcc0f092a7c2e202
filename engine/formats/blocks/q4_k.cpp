#include "engine/formats/blocks/blocks.hpp"

namespace engine::formats::blocks {
namespace {

/// 256 values in 8 blocks of 32: half d, half dmin, 12 bytes of scales and minima, 128 bytes of nibbles;
/// value = d * scale * q - dmin * min. 32 bytes hold two blocks: the low nibbles the even one, the high nibbles the odd
/// one.
void quants(const std::byte* block, std::span<std::uint8_t> out) {
    for (std::size_t i = 0; i < 256; ++i) out[i] = byte_at(block, 16 + i / 64 * 32 + i % 32) >> (i / 32 % 2 * 4) & 15;
}

void values(const std::byte* block, std::span<const std::uint8_t> q, std::span<float> out) {
    for (std::size_t i = 0; i < 256; ++i) {
        const auto [scale, min] = k_scale_and_min(block + 4, i / 32);
        out[i] = half_at(block, 0) * static_cast<float>(scale) * static_cast<float>(q[i]) -
                 half_at(block, 2) * static_cast<float>(min);
    }
}

}  // namespace

/// The first four scales and minima are the low 6 bits of bytes 0-3 and 4-7; the other four have their low nibbles in
/// bytes 8-11 and their two high bits in the high bits of bytes 0-7.
ScaleAndMin k_scale_and_min(const std::byte* packed, std::size_t block) {
    if (block < 4) return {byte_at(packed, block) & 63, byte_at(packed, block + 4) & 63};
    return {(byte_at(packed, block + 4) & 15) | byte_at(packed, block - 4) >> 6 << 4,
            byte_at(packed, block + 4) >> 4 | byte_at(packed, block) >> 6 << 4};
}

const TensorLayout kQ4_K = {TensorType::Q4_K, "Q4_K", 256, 144, unpack_quantised<quants, values, 256, 144>, quants};

}  // namespace engine::formats::blocks
