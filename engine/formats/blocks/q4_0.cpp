#include "engine/formats/blocks/blocks.hpp"

namespace engine::formats::blocks {
namespace {

/// 32 values: a half scale d, then 16 bytes; the low nibble of byte i is value i, the high one value i + 16;
/// value = d * (nibble - 8).
void unpack(std::span<const std::byte> in, std::span<float> out) {
    for (std::size_t block = 0; block < out.size() / 32; ++block) {
        const std::byte* at = &in[block * 18];
        const float scale = half_to_float(load<std::uint16_t>(at));
        for (std::size_t i = 0; i < 16; ++i) {
            const auto byte = load<std::uint8_t>(at + 2 + i);
            out[block * 32 + i] = scale * static_cast<float>((byte & 15) - 8);
            out[block * 32 + i + 16] = scale * static_cast<float>((byte >> 4) - 8);
        }
    }
}

}  // namespace

const TensorLayout kQ4_0 = {TensorType::Q4_0, "Q4_0", 32, 18, unpack};

}  // namespace engine::formats::blocks
