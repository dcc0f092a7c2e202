#include "engine/llama/device_layout.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>

#include "engine/base/ceil_div.hpp"
#include "engine/formats/blocks/blocks.hpp"

namespace engine::llama {
namespace {

namespace blocks = formats::blocks;
using base::ceil_div;
using formats::TensorType;
using Quants = std::array<std::uint8_t, 256>;

// --- floats
// -------------------------------------------------------------------------------------------------------------------

template <std::uint32_t ValueBytes>
std::uint32_t float_units(std::uint32_t blocks) {
    return blocks * kBlockValues * ValueBytes / kUnitBytes;
}

void copy_row(std::span<const std::byte> row, std::uint32_t /*blocks*/, std::span<std::byte> out) {
    std::copy(row.begin(), row.end(), out.begin());
}

// --- pieces of quantised blocks
// -----------------------------------------------------------------------------------------------

/// The low nibbles of 32 quants into one unit: value i low, value i + 16 high in byte i.
void put_nibbles(const std::uint8_t* quants, std::byte* unit) {
    for (std::size_t i = 0; i < 16; ++i)
        unit[i] = static_cast<std::byte>((quants[i] & 15) | (quants[i + 16] & 15) << 4);
}

/// Two units from 32 bytes that hold 32 quants in their low nibbles and the next 32 in their high nibbles.
void put_nibble_pair(const std::byte* bytes, std::byte* units) {
    for (std::size_t i = 0; i < 16; ++i) {
        const auto first = std::to_integer<std::uint8_t>(bytes[i]);
        const auto second = std::to_integer<std::uint8_t>(bytes[i + 16]);
        units[i] = static_cast<std::byte>((first & 15) | (second & 15) << 4);
        units[i + 16] = static_cast<std::byte>(first >> 4 | (second & 0xF0));
    }
}

/// Where the kernels expect a quant's high or lone bits: as if it stood in a unit of nibbles, at `place` of word
/// `word`.
struct Place {
    std::size_t word;
    std::size_t place;
};
Place place_of(std::size_t value) {
    return {value % 16 / 4, value % 4 * 2 + value / 16};
}

/// Two bits of each of 32 quants into half a unit: the words 2i and 2i + 1 share a word.
void put_pairs(const std::uint8_t* quants, int shift, std::byte* half_unit) {
    for (std::size_t i = 0; i < 32; ++i) {
        const Place at = place_of(i);
        const std::size_t bit = at.word / 2 * 32 + at.place * 4 + at.word % 2 * 2;
        half_unit[bit / 8] |= static_cast<std::byte>((quants[i] >> shift & 3) << (bit % 8));
    }
}

/// One bit of each of 32 quants into a word, which all four words share.
void put_bits(const std::uint8_t* quants, int shift, std::byte* word) {
    for (std::size_t i = 0; i < 32; ++i) {
        const Place at = place_of(i);
        const std::size_t bit = at.place * 4 + at.word;
        word[bit / 8] |= static_cast<std::byte>((quants[i] >> shift & 1) << (bit % 8));
    }
}

/// Walks the source blocks of a row: visit(index, block, quants).
template <class Visit>
void for_each_block(TensorType type, std::span<const std::byte> row, const Visit& visit) {
    const formats::TensorLayout& layout = formats::layout_of(type);
    Quants quants = {};
    for (std::size_t index = 0; index < row.size() / layout.block_bytes; ++index) {
        const std::byte* block = &row[index * layout.block_bytes];
        layout.quants(block, std::span(quants).first(layout.block_values));
        visit(index, block, quants.data());
    }
}

// --- blocks of 32: heads of several blocks fill a unit, all before the quants
// ----------------------------------------------------

template <std::uint32_t HeadBytes, std::uint32_t QuantUnits>
std::uint32_t headed_units(std::uint32_t blocks) {
    return ceil_div(blocks * HeadBytes, kUnitBytes) + blocks * QuantUnits;
}

void arrange_q8_0(std::span<const std::byte> row, std::uint32_t blocks, std::span<std::byte> out) {
    const std::size_t quants = std::size_t{ceil_div(blocks * 2, kUnitBytes)} * kUnitBytes;
    for_each_block(TensorType::Q8_0, row, [&](std::size_t index, const std::byte* block, const std::uint8_t* q) {
        std::memcpy(&out[index * 2], block, 2);
        std::memcpy(&out[quants + index * 32], q, 32);
    });
}

/// `SourceHead` bytes at the start of a block go to the head, fifth bits into its last word.
template <TensorType Type, std::uint32_t HeadBytes, std::uint32_t SourceHead>
void arrange_q5(std::span<const std::byte> row, std::uint32_t blocks, std::span<std::byte> out) {
    const std::size_t quants = std::size_t{ceil_div(blocks * HeadBytes, kUnitBytes)} * kUnitBytes;
    for_each_block(Type, row, [&](std::size_t index, const std::byte* block, const std::uint8_t* q) {
        std::memcpy(&out[index * HeadBytes], block, SourceHead);
        put_bits(q, 4, &out[index * HeadBytes + 4]);
        put_nibbles(q, &out[quants + index * kUnitBytes]);
    });
}

/// A head of `HeadBytes`, then 16 bytes of nibbles that are in the order of a unit (blocks::nibble). Copied: taking
/// the nibbles apart was half of the time of opening a model.
template <std::uint32_t HeadBytes>
void arrange_q4(std::span<const std::byte> row, std::uint32_t blocks, std::span<std::byte> out) {
    constexpr std::size_t kBlockBytes = HeadBytes + kUnitBytes;
    const std::size_t quants = std::size_t{ceil_div(blocks * HeadBytes, kUnitBytes)} * kUnitBytes;
    for (std::size_t index = 0; index < row.size() / kBlockBytes; ++index) {
        const std::byte* block = &row[index * kBlockBytes];
        std::memcpy(&out[index * HeadBytes], block, HeadBytes);
        std::memcpy(&out[quants + index * kUnitBytes], block + HeadBytes, kUnitBytes);
    }
}

// --- superblocks of 256: `HeadBytes` of each before the rest, then `Body` units
// ---------------------------------------------------

template <std::uint32_t HeadBytes, std::uint32_t Body>
std::uint32_t super_units(std::uint32_t blocks) {
    return ceil_div(blocks / 8 * HeadBytes, kUnitBytes) + blocks / 8 * Body;
}

template <std::uint32_t HeadBytes, std::uint32_t Body>
std::byte* body_of(std::span<std::byte> out, std::uint32_t blocks, std::size_t superblock) {
    return &out[(ceil_div(blocks / 8 * HeadBytes, kUnitBytes) + superblock * Body) * kUnitBytes];
}

void arrange_q2_k(std::span<const std::byte> row, std::uint32_t blocks, std::span<std::byte> out) {
    for_each_block(TensorType::Q2_K, row, [&](std::size_t index, const std::byte* block, const std::uint8_t* q) {
        std::memcpy(&out[index * 4], block + 80, 4);
        std::byte* body = body_of<4, 5>(out, blocks, index);
        std::memcpy(body, block, 16);
        for (std::size_t i = 0; i < 8; ++i) put_pairs(q + i * 32, 0, body + 16 + i * 8);
    });
}

void arrange_q3_k(std::span<const std::byte> row, std::uint32_t blocks, std::span<std::byte> out) {
    for_each_block(TensorType::Q3_K, row, [&](std::size_t index, const std::byte* block, const std::uint8_t* q) {
        std::memcpy(&out[index * 2], block + 108, 2);
        std::byte* body = body_of<2, 7>(out, blocks, index);
        for (std::size_t group = 0; group < 16; ++group)
            body[group] = static_cast<std::byte>(blocks::q3_k_scale(block + 96, group));
        for (std::size_t i = 0; i < 8; ++i) put_bits(q + i * 32, 2, body + 16 + i * 4);
        for (std::size_t i = 0; i < 8; ++i) put_pairs(q + i * 32, 0, body + 48 + i * 8);
    });
}

void arrange_q4_k(std::span<const std::byte> row, std::uint32_t blocks, std::span<std::byte> out) {
    constexpr std::size_t kSuperblockBytes = 144;
    for (std::size_t index = 0; index < row.size() / kSuperblockBytes; ++index) {
        const std::byte* block = &row[index * kSuperblockBytes];
        std::byte* body = body_of<0, 9>(out, blocks, index);
        std::memcpy(body, block, 16);
        for (std::size_t pair = 0; pair < 4; ++pair) put_nibble_pair(block + 16 + pair * 32, body + 16 + pair * 32);
    }
}

void arrange_q5_k(std::span<const std::byte> row, std::uint32_t blocks, std::span<std::byte> out) {
    for_each_block(TensorType::Q5_K, row, [&](std::size_t index, const std::byte* block, const std::uint8_t* q) {
        std::byte* body = body_of<0, 11>(out, blocks, index);
        std::memcpy(body, block, 16);
        for (std::size_t i = 0; i < 8; ++i) put_bits(q + i * 32, 4, body + 16 + i * 4);
        for (std::size_t i = 0; i < 8; ++i) put_nibbles(q + i * 32, body + 48 + i * 16);
    });
}

void arrange_q6_k(std::span<const std::byte> row, std::uint32_t blocks, std::span<std::byte> out) {
    for_each_block(TensorType::Q6_K, row, [&](std::size_t index, const std::byte* block, const std::uint8_t* q) {
        std::memcpy(&out[index * 2], block + 208, 2);
        std::byte* body = body_of<2, 13>(out, blocks, index);
        std::memcpy(body, block + 192, 16);
        for (std::size_t i = 0; i < 8; ++i) put_pairs(q + i * 32, 4, body + 16 + i * 8);
        for (std::size_t i = 0; i < 8; ++i) put_nibbles(q + i * 32, body + 80 + i * 16);
    });
}

void arrange_iq4_xs(std::span<const std::byte> row, std::uint32_t blocks, std::span<std::byte> out) {
    for_each_block(TensorType::IQ4_XS, row, [&](std::size_t index, const std::byte* block, const std::uint8_t* q) {
        std::memcpy(&out[index * 8], block, 8);
        std::byte* body = body_of<8, 8>(out, blocks, index);
        for (std::size_t i = 0; i < 8; ++i) put_nibbles(q + i * 32, body + i * 16);
    });
}

// Heads lie before the quants, so that one load brings the scales of several blocks.
constexpr auto kLayouts = std::to_array<DeviceLayout>({
    {TensorType::F32, float_units<4>, copy_row},
    {TensorType::F16, float_units<2>, copy_row},
    {TensorType::BF16, float_units<2>, copy_row},
    {TensorType::Q8_0, headed_units<2, 2>, arrange_q8_0},
    {TensorType::Q4_0, headed_units<2, 1>, arrange_q4<2>},
    {TensorType::Q4_1, headed_units<4, 1>, arrange_q4<4>},
    {TensorType::Q5_0, headed_units<8, 1>, arrange_q5<TensorType::Q5_0, 8, 2>},
    {TensorType::Q5_1, headed_units<8, 1>, arrange_q5<TensorType::Q5_1, 8, 4>},
    {TensorType::Q2_K, super_units<4, 5>, arrange_q2_k},
    {TensorType::Q3_K, super_units<2, 7>, arrange_q3_k},
    {TensorType::Q4_K, super_units<0, 9>, arrange_q4_k},
    {TensorType::Q5_K, super_units<0, 11>, arrange_q5_k},
    {TensorType::Q6_K, super_units<2, 13>, arrange_q6_k},
    {TensorType::IQ4_NL, headed_units<2, 1>, arrange_q4<2>},
    {TensorType::IQ4_XS, super_units<8, 8>, arrange_iq4_xs},
});

static_assert(kLayouts.size() == formats::kBlockTypes, "every type of block_types.hpp needs a layout here");

}  // namespace

const DeviceLayout& device_layout(TensorType type) {
    const auto found = std::find_if(kLayouts.begin(), kLayouts.end(),
                                    [type](const DeviceLayout& layout) { return layout.type == type; });
    if (found == kLayouts.end()) throw std::logic_error("a tensor type without a kernel");
    return *found;
}

}  // namespace engine::llama
