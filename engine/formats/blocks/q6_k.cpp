#include "engine/formats/blocks/blocks.hpp"

namespace engine::formats::blocks {
namespace {

/// 256 values: 128 bytes of low nibbles, 64 bytes of high pairs of bits, 16 signed scales (one for 16 values), a half d;
/// value = d * scale * (q - 32). In each half of 128 values, the low nibbles of bytes 0-63 are values 0-63, the high
/// nibbles values 64-127; the pairs of bits of byte i belong to values i, i + 32, i + 64, i + 96.
void unpack(std::span<const std::byte> in, std::span<float> out) {
    for (std::size_t block = 0; block < out.size() / 256; ++block) {
        const std::byte* at = &in[block * 210];
        const float d = half_to_float(load<std::uint16_t>(at + 208));
        for (std::size_t i = 0; i < 256; ++i) {
            const int scale = load<std::int8_t>(at + 192 + i / 16);
            out[block * 256 + i] = d * static_cast<float>(scale) * static_cast<float>(q6_k_quant(at, i) - 32);
        }
    }
}

}  // namespace

int q6_k_quant(const std::byte* block, std::size_t index) {
    const std::size_t half = index / 128;
    const std::size_t within = index % 128;
    const auto low = load<std::uint8_t>(block + half * 64 + within % 64);
    const auto high = load<std::uint8_t>(block + 128 + half * 32 + within % 32);
    return (within < 64 ? low & 15 : low >> 4) | (high >> (within / 32 * 2) & 3) << 4;
}

const TensorLayout kQ6_K = {TensorType::Q6_K, "Q6_K", 256, 210, unpack};

}  // namespace engine::formats::blocks
