#include "engine/formats/blocks/blocks.hpp"

namespace engine::formats::blocks {
namespace {

/// 32 values: a half scale d, then 16 bytes of nibbles; value = d * (q - 8).
void quants(const std::byte* block, std::span<std::uint8_t> out) {
    for (std::size_t i = 0; i < 32; ++i) out[i] = nibble(block + 2, i);
}

void values(const std::byte* block, std::span<const std::uint8_t> q, std::span<float> out) {
    for (std::size_t i = 0; i < 32; ++i) out[i] = half_at(block, 0) * static_cast<float>(q[i] - 8);
}

}  // namespace

const TensorLayout kQ4_0 = {TensorType::Q4_0, "Q4_0", 32, 18, unpack_quantised<quants, values, 32, 18>, quants};

}  // namespace engine::formats::blocks
