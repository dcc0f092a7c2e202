#include <bit>

#include "engine/formats/blocks/blocks.hpp"

namespace engine::formats::blocks {
namespace {

void unpack_f32(std::span<const std::byte> in, std::span<float> out) {
    std::memcpy(out.data(), in.data(), out.size_bytes());
}

void unpack_f16(std::span<const std::byte> in, std::span<float> out) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = half_to_float(load<std::uint16_t>(&in[2 * i]));
}

void unpack_bf16(std::span<const std::byte> in, std::span<float> out) {
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = std::bit_cast<float>(static_cast<std::uint32_t>(load<std::uint16_t>(&in[2 * i])) << 16);
    }
}

}  // namespace

const TensorLayout kF32 = {TensorType::F32, "F32", 1, 4, unpack_f32};
const TensorLayout kF16 = {TensorType::F16, "F16", 1, 2, unpack_f16};
const TensorLayout kBF16 = {TensorType::BF16, "BF16", 1, 2, unpack_bf16};

}  // namespace engine::formats::blocks
