#include "engine/formats/blocks/blocks.hpp"

namespace engine::formats::blocks {
namespace {

/// 256 values: 128 bytes of low nibbles, 64 bytes of high pairs of bits, 16 signed scales (one for 16 values), a half
/// d; value = d * scale * (q - 32). In each half of 128 values, the low nibbles of bytes 0-63 are values 0-63, the high
/// nibbles values 64-127; the pairs of bits of byte i belong to values i, i + 32, i + 64, i + 96.
void quants(const std::byte* block, std::span<std::uint8_t> out) {
    for (std::size_t i = 0; i < 256; ++i) {
        const std::size_t half = i / 128;
        const std::size_t within = i % 128;
        const int low = byte_at(block, half * 64 + within % 64) >> (within / 64 * 4) & 15;
        const int high = byte_at(block, 128 + half * 32 + within % 32) >> (within / 32 * 2) & 3;
        out[i] = static_cast<std::uint8_t>(low | high << 4);
    }
}

void values(const std::byte* block, std::span<const std::uint8_t> q, std::span<float> out) {
    for (std::size_t i = 0; i < 256; ++i) {
        const auto scale = load<std::int8_t>(block + 192 + i / 16);
        out[i] = half_at(block, 208) * static_cast<float>(scale * (q[i] - 32));
    }
}

}  // namespace

const TensorLayout kQ6_K = {TensorType::Q6_K, "Q6_K", 256, 210, unpack_quantised<quants, values, 256, 210>, quants};

}  // namespace engine::formats::blocks
