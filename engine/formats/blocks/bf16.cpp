#include <bit>

#include "engine/formats/blocks/blocks.hpp"

namespace engine::formats::blocks {
namespace {

/// bfloat16: the upper 16 bits of an IEEE binary32.
void unpack(std::span<const std::byte> in, std::span<float> out) {
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = std::bit_cast<float>(static_cast<std::uint32_t>(load<std::uint16_t>(&in[2 * i])) << 16);
    }
}

}  // namespace

const TensorLayout kBF16 = {TensorType::BF16, "BF16", 1, 2, unpack, nullptr};

}  // namespace engine::formats::blocks
