#include "engine/formats/blocks/blocks.hpp"

namespace engine::formats::blocks {
namespace {

/// 32 values: half scale d, half minimum m, 16 bytes of nibbles; value = d * q + m.
void quants(const std::byte* block, std::span<std::uint8_t> out) {
    for (std::size_t i = 0; i < 32; ++i) out[i] = nibble(block + 4, i);
}

void values(const std::byte* block, std::span<const std::uint8_t> q, std::span<float> out) {
    for (std::size_t i = 0; i < 32; ++i) out[i] = half_at(block, 0) * static_cast<float>(q[i]) + half_at(block, 2);
}

}  // namespace

const TensorLayout kQ4_1 = {TensorType::Q4_1, "Q4_1", 32, 20, unpack_quantised<quants, values, 32, 20>, quants};

}  // namespace engine::formats::blocks
