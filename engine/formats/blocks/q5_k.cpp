#include "engine/formats/blocks/blocks.hpp"

namespace engine::formats::blocks {
namespace {

/// Like Q4_K, with 32 bytes of fifth bits before the nibbles: bit k of byte i belongs to value 32 k + i.
void quants(const std::byte* block, std::span<std::uint8_t> out) {
    for (std::size_t i = 0; i < 256; ++i) {
        const int low = byte_at(block, 48 + i / 64 * 32 + i % 32) >> (i / 32 % 2 * 4) & 15;
        out[i] = static_cast<std::uint8_t>(low | (byte_at(block, 16 + i % 32) >> (i / 32) & 1) << 4);
    }
}

void values(const std::byte* block, std::span<const std::uint8_t> q, std::span<float> out) {
    for (std::size_t i = 0; i < 256; ++i) {
        const auto [scale, min] = k_scale_and_min(block + 4, i / 32);
        out[i] = half_at(block, 0) * static_cast<float>(scale) * static_cast<float>(q[i]) -
                 half_at(block, 2) * static_cast<float>(min);
    }
}

}  // namespace

const TensorLayout kQ5_K = {TensorType::Q5_K, "Q5_K", 256, 176, unpack_quantised<quants, values, 256, 176>, quants};

}  // namespace engine::formats::blocks
