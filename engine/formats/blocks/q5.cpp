#include "engine/formats/blocks/blocks.hpp"

namespace engine::formats::blocks {
namespace {

/// 32 values: half scale d, (Q5_1: half minimum m,) 32 fifth bits, 16 bytes of nibbles.
template <std::size_t Bits>
void quants(const std::byte* block, std::span<std::uint8_t> out) {
    const auto fifth = load<std::uint32_t>(block + Bits);
    for (std::size_t i = 0; i < 32; ++i)
        out[i] = static_cast<std::uint8_t>(nibble(block + Bits + 4, i) | (fifth >> i & 1) << 4);
}

void values_0(const std::byte* block, std::span<const std::uint8_t> q, std::span<float> out) {
    for (std::size_t i = 0; i < 32; ++i) out[i] = half_at(block, 0) * static_cast<float>(q[i] - 16);
}

void values_1(const std::byte* block, std::span<const std::uint8_t> q, std::span<float> out) {
    for (std::size_t i = 0; i < 32; ++i) out[i] = half_at(block, 0) * static_cast<float>(q[i]) + half_at(block, 2);
}

}  // namespace

const TensorLayout kQ5_0 = {TensorType::Q5_0, "Q5_0", 32, 22, unpack_quantised<quants<2>, values_0, 32, 22>, quants<2>};
const TensorLayout kQ5_1 = {TensorType::Q5_1, "Q5_1", 32, 24, unpack_quantised<quants<4>, values_1, 32, 24>, quants<4>};

}  // namespace engine::formats::blocks
