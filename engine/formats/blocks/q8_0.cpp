#include "engine/formats/blocks/blocks.hpp"

namespace engine::formats::blocks {
namespace {

/// 32 values: a half scale d, then 32 signed bytes; value = d * q.
void unpack(std::span<const std::byte> in, std::span<float> out) {
    for (std::size_t block = 0; block < out.size() / 32; ++block) {
        const std::byte* at = &in[block * 34];
        const float scale = half_to_float(load<std::uint16_t>(at));
        for (std::size_t i = 0; i < 32; ++i) {
            out[block * 32 + i] = scale * static_cast<float>(load<std::int8_t>(at + 2 + i));
        }
    }
}

}  // namespace

const TensorLayout kQ8_0 = {TensorType::Q8_0, "Q8_0", 32, 34, unpack};

}  // namespace engine::formats::blocks
