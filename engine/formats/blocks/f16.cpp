#include "engine/formats/blocks/blocks.hpp"

namespace engine::formats::blocks {
namespace {

/// IEEE binary16.
void unpack(std::span<const std::byte> in, std::span<float> out) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = half_to_float(load<std::uint16_t>(&in[2 * i]));
}

}  // namespace

const TensorLayout kF16 = {TensorType::F16, "F16", 1, 2, unpack, nullptr};

}  // namespace engine::formats::blocks
