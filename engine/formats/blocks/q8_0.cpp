#include "engine/formats/blocks/blocks.hpp"

namespace engine::formats::blocks {
namespace {

/// 32 values: a half scale d, then 32 signed bytes; value = d * q.
void quants(const std::byte* block, std::span<std::uint8_t> out) {
    std::memcpy(out.data(), block + 2, 32);
}

void values(const std::byte* block, std::span<const std::uint8_t> q, std::span<float> out) {
    for (std::size_t i = 0; i < 32; ++i)
        out[i] = half_at(block, 0) * static_cast<float>(static_cast<std::int8_t>(q[i]));
}

}  // namespace

const TensorLayout kQ8_0 = {TensorType::Q8_0, "Q8_0", 32, 34, unpack_quantised<quants, values, 32, 34>, quants};

}  // namespace engine::formats::blocks
