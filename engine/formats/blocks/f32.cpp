#include "engine/formats/blocks/blocks.hpp"

namespace engine::formats::blocks {
namespace {

void unpack(std::span<const std::byte> in, std::span<float> out) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = load<float>(&in[4 * i]);
}

}  // namespace

const TensorLayout kF32 = {TensorType::F32, "F32", 1, 4, unpack, nullptr};

}  // namespace engine::formats::blocks
