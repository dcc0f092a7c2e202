#include "engine/formats/blocks/blocks.hpp"

namespace engine::formats::blocks {
namespace {

constexpr int kValues[16] = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

/// IQ4_NL, 32 values: a half scale d, then 16 bytes of nibbles; value = d * table[q].
void quants_nl(const std::byte* block, std::span<std::uint8_t> out) {
    for (std::size_t i = 0; i < 32; ++i) out[i] = nibble(block + 2, i);
}

void values_nl(const std::byte* block, std::span<const std::uint8_t> q, std::span<float> out) {
    for (std::size_t i = 0; i < 32; ++i) out[i] = half_at(block, 0) * static_cast<float>(iq4_value(q[i]));
}

/// IQ4_XS, 256 values in 8 blocks of 32: half d, scales (see iq4_xs_scale), 8 x 16 bytes of nibbles;
/// value = d * scale * table[q].
void quants_xs(const std::byte* block, std::span<std::uint8_t> out) {
    for (std::size_t i = 0; i < 256; ++i) out[i] = nibble(block + 8 + i / 32 * 16, i % 32);
}

void values_xs(const std::byte* block, std::span<const std::uint8_t> q, std::span<float> out) {
    for (std::size_t i = 0; i < 256; ++i)
        out[i] = half_at(block, 0) * static_cast<float>(iq4_xs_scale(block, i / 32) * iq4_value(q[i]));
}

}  // namespace

int iq4_value(std::uint8_t nibble) {
    return kValues[nibble & 15];
}

int iq4_xs_scale(const std::byte* block, std::size_t index) {
    const int low = byte_at(block, 4 + index / 2) >> (index % 2 * 4) & 15;
    return (low | (load<std::uint16_t>(block + 2) >> (2 * index) & 3) << 4) - 32;
}

const TensorLayout kIQ4_NL = {TensorType::IQ4_NL, "IQ4_NL", 32, 18, unpack_quantised<quants_nl, values_nl, 32, 18>,
                              quants_nl};
const TensorLayout kIQ4_XS = {TensorType::IQ4_XS, "IQ4_XS", 256, 136, unpack_quantised<quants_xs, values_xs, 256, 136>,
                              quants_xs};

}  // namespace engine::formats::blocks
