#include "engine/formats/blocks/blocks.hpp"

namespace engine::formats::blocks {
namespace {

/// 256 values: 16 bytes of scale (low nibble) and minimum (high nibble) for 16 values each, 64 bytes of 2-bit quants,
/// half d, half dmin; value = d * scale * q - dmin * min. In each half of 128 values, byte i holds values i, i + 32, i
/// + 64, i + 96.
void quants(const std::byte* block, std::span<std::uint8_t> out) {
    for (std::size_t i = 0; i < 256; ++i) out[i] = byte_at(block, 16 + i / 128 * 32 + i % 32) >> (i % 128 / 32 * 2) & 3;
}

void values(const std::byte* block, std::span<const std::uint8_t> q, std::span<float> out) {
    for (std::size_t i = 0; i < 256; ++i) {
        const std::uint8_t both = byte_at(block, i / 16);
        out[i] = half_at(block, 80) * static_cast<float>(both & 15) * static_cast<float>(q[i]) -
                 half_at(block, 82) * static_cast<float>(both >> 4);
    }
}

}  // namespace

const TensorLayout kQ2_K = {TensorType::Q2_K, "Q2_K", 256, 84, unpack_quantised<quants, values, 256, 84>, quants};

}  // namespace engine::formats::blocks
