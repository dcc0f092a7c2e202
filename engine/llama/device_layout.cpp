#include "engine/llama/device_layout.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>

#include "engine/formats/blocks/blocks.hpp"

namespace engine::llama {
namespace {

using formats::TensorType;
using shaders::Kernel;

template <std::uint32_t ValueBytes>
std::uint32_t float_units(std::uint32_t blocks) {
    return blocks * kBlockValues * ValueBytes / kUnitBytes;
}

void copy_row(std::span<const std::byte> row, std::uint32_t /*blocks*/, std::span<std::byte> out) {
    std::copy(row.begin(), row.end(), out.begin());
}

constexpr std::uint32_t scale_units(std::uint32_t blocks) { return (blocks + 7) / 8; }

/// Blocks of a half scale and QuantBytes: the scales of 8 blocks fill a unit, all before the quants.
template <std::uint32_t QuantBytes>
std::uint32_t scaled_units(std::uint32_t blocks) {
    return scale_units(blocks) + blocks * QuantBytes / kUnitBytes;
}

template <std::uint32_t QuantBytes>
void split_scales(std::span<const std::byte> row, std::uint32_t blocks, std::span<std::byte> out) {
    constexpr std::size_t kSource = 2 + QuantBytes;
    const std::size_t quants = std::size_t{scale_units(blocks)} * kUnitBytes;
    for (std::size_t block = 0; block < row.size() / kSource; ++block) {
        std::memcpy(&out[block * 2], &row[block * kSource], 2);
        std::memcpy(&out[quants + block * QuantBytes], &row[block * kSource + 2], QuantBytes);
    }
}

std::uint32_t q6_k_units(std::uint32_t blocks) { return blocks * 2; }

/// Each 32 values get their own two units, see unpack_q6_k.glsl.
void arrange_q6_k(std::span<const std::byte> row, std::uint32_t /*blocks*/, std::span<std::byte> out) {
    constexpr std::size_t kSource = 210;
    for (std::size_t block = 0; block < row.size() / kSource * 8; ++block) {
        const std::byte* source = &row[block / 8 * kSource];
        std::byte* target = &out[block * 2 * kUnitBytes];
        const std::size_t first = block % 8 * kBlockValues;
        for (std::size_t i = 0; i < 16; ++i) {
            const int a = formats::blocks::q6_k_quant(source, first + i);
            const int b = formats::blocks::q6_k_quant(source, first + 16 + i);
            target[i] = static_cast<std::byte>((a & 15) | (b & 15) << 4);
            target[16 + i / 4] |= static_cast<std::byte>(a >> 4 << (i % 4 * 2));
            target[20 + i / 4] |= static_cast<std::byte>(b >> 4 << (i % 4 * 2));
        }
        std::memcpy(target + 24, source + 192 + first / 16, 2);
        std::memcpy(target + 26, source + 208, 2);
    }
}

constexpr std::array<DeviceLayout, 6> kLayouts = {{
    {TensorType::F32, Kernel::MatmulF32, float_units<4>, copy_row},
    {TensorType::F16, Kernel::MatmulF16, float_units<2>, copy_row},
    {TensorType::BF16, Kernel::MatmulBF16, float_units<2>, copy_row},
    {TensorType::Q8_0, Kernel::MatmulQ8_0, scaled_units<32>, split_scales<32>},
    {TensorType::Q4_0, Kernel::MatmulQ4_0, scaled_units<16>, split_scales<16>},
    {TensorType::Q6_K, Kernel::MatmulQ6_K, q6_k_units, arrange_q6_k},
}};

}  // namespace

const DeviceLayout& device_layout(TensorType type) {
    const auto found = std::find_if(kLayouts.begin(), kLayouts.end(), [type](const DeviceLayout& layout) { return layout.type == type; });
    if (found == kLayouts.end()) throw std::logic_error("a tensor type without a kernel");
    return *found;
}

}  // namespace engine::llama
