#include "engine/formats/blocks/blocks.hpp"

namespace engine::formats::blocks {
namespace {

/// 256 values: 32 bytes of third bits, 64 bytes of 2-bit quants, 12 bytes of scales for 16 values each, half d;
/// value = d * scale * (q - 4). In each half of 128 values, byte i of the quants holds values i, i + 32, i + 64, i +
/// 96; bit k of byte i of the third bits belongs to value 32 k + i.
void quants(const std::byte* block, std::span<std::uint8_t> out) {
    for (std::size_t i = 0; i < 256; ++i) {
        const int low = byte_at(block, 32 + i / 128 * 32 + i % 32) >> (i % 128 / 32 * 2) & 3;
        out[i] = static_cast<std::uint8_t>(low | (byte_at(block, i % 32) >> (i / 32) & 1) << 2);
    }
}

void values(const std::byte* block, std::span<const std::uint8_t> q, std::span<float> out) {
    for (std::size_t i = 0; i < 256; ++i)
        out[i] = half_at(block, 108) * static_cast<float>(q3_k_scale(block + 96, i / 16) * (q[i] - 4));
}

}  // namespace

/// Scale g: 4 low bits in the low (g < 8) or high nibble of byte g % 8, 2 high bits in byte 8 + g % 4 at 2 * (g / 4).
int q3_k_scale(const std::byte* packed, std::size_t group) {
    const int low = group < 8 ? byte_at(packed, group) & 15 : byte_at(packed, group - 8) >> 4;
    return (low | (byte_at(packed, 8 + group % 4) >> (group / 4 * 2) & 3) << 4) - 32;
}

const TensorLayout kQ3_K = {TensorType::Q3_K, "Q3_K", 256, 110, unpack_quantised<quants, values, 256, 110>, quants};

}  // namespace engine::formats::blocks
