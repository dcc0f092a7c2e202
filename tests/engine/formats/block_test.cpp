#include <doctest/doctest.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <vector>

#include "engine/formats/tensor_type.hpp"

using namespace engine::formats;

namespace {

std::vector<float> unpacked(TensorType type, const std::vector<std::uint8_t>& bytes) {
    const TensorLayout& layout = layout_of(type);
    std::vector<float> out(bytes.size() / layout.block_bytes * layout.block_values);
    layout.unpack(std::as_bytes(std::span(bytes)), out);
    return out;
}

}  // namespace

TEST_SUITE("engine.formats.blocks") {
    TEST_CASE("every half is converted exactly") {
        for (std::uint32_t bits = 0; bits < 65536; ++bits) {
            const float value = half_to_float(static_cast<std::uint16_t>(bits));
            const int exponent = static_cast<int>((bits >> 10) & 31);
            const double fraction = (bits & 1023) / 1024.0;
            const double sign = bits >= 32768 ? -1 : 1;
            CHECK_MESSAGE(std::signbit(value) == (bits >= 32768), bits);
            if (exponent == 31) {
                CHECK_MESSAGE((fraction == 0 ? std::isinf(value) : std::isnan(value)), bits);
            } else if (exponent == 0) {
                CHECK_MESSAGE(double{value} == sign * fraction * std::pow(2.0, -14), bits);
            } else {
                CHECK_MESSAGE(double{value} == sign * (1 + fraction) * std::pow(2.0, exponent - 15), bits);
            }
        }
    }

    TEST_CASE("F32 and F16 and BF16 values are unpacked") {
        CHECK(unpacked(TensorType::F32, {0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC0}) == std::vector<float>{1.0F, -2.5F});
        CHECK(unpacked(TensorType::F16, {0x00, 0x3C, 0x00, 0xC1, 0x01, 0x00}) ==
              std::vector<float>{1.0F, -2.5F, 0x1p-24F});
        CHECK(unpacked(TensorType::BF16, {0x80, 0x3F, 0x20, 0xC0, 0x49, 0x40}) ==
              std::vector<float>{1.0F, -2.5F, 3.140625F});
    }

    TEST_CASE("a Q8_0 block is its scale times signed bytes") {
        std::vector<std::uint8_t> block = {0x00, 0x38};  // 0.5
        for (int i = 0; i < 32; ++i) block.push_back(0);
        block[2] = 1;
        block[3] = 0xFF;       // -1
        block[2 + 30] = 0x7F;  // 127
        block[2 + 31] = 0x80;  // -128
        const auto values = unpacked(TensorType::Q8_0, block);
        REQUIRE(values.size() == 32);
        CHECK(values[0] == 0.5F);
        CHECK(values[1] == -0.5F);
        CHECK(values[2] == 0.0F);
        CHECK(values[30] == 63.5F);
        CHECK(values[31] == -64.0F);
    }

    TEST_CASE("a Q4_0 block has value i in the low and value i + 16 in the high nibble") {
        std::vector<std::uint8_t> block = {0x00, 0xC0};  // -2
        for (int i = 0; i < 16; ++i) block.push_back(0x88);
        block[2] = 0xF0;       // value 0: 0 - 8, value 16: 15 - 8
        block[2 + 15] = 0x79;  // value 15: 9 - 8, value 31: 7 - 8
        std::vector<std::uint8_t> two = block;
        two.insert(two.end(), block.begin(), block.end());
        two[19] = 0x3C;  // the second block's scale: 1
        const auto values = unpacked(TensorType::Q4_0, two);
        REQUIRE(values.size() == 64);
        CHECK(values[0] == 16.0F);
        CHECK(values[16] == -14.0F);
        CHECK(values[15] == -2.0F);
        CHECK(values[31] == 2.0F);
        CHECK(values[1] == 0.0F);
        CHECK(values[32] == -8.0F);
        CHECK(values[63] == -1.0F);
    }

    TEST_CASE("layouts are found by the format's type numbers") {
        CHECK(layout_of(TensorType::Q4_0).block_bytes == 18);
        CHECK(layout_of(8U)->block_bytes == 34);
        CHECK(layout_of(30U)->name == "BF16");
        CHECK(layout_of(21U) == nullptr);
        CHECK(layout_of(0xFFFFFFFFU) == nullptr);
        CHECK(type_name(21) == "IQ3_S");
        CHECK(type_name(2) == "Q4_0");
        CHECK(type_name(4).empty());
    }
}

TEST_SUITE("engine.formats.iq4") {
    // The table of the format: nibble -> value.
    constexpr std::array<float, 16> kTable = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

    TEST_CASE("an IQ4_NL block is its scale times the table") {
        std::vector<std::uint8_t> block = {0x00, 0x38};  // 0.5
        for (std::uint8_t i = 0; i < 16; ++i) block.push_back(static_cast<std::uint8_t>(i | (15 - i) << 4));
        const auto values = unpacked(TensorType::IQ4_NL, block);
        REQUIRE(values.size() == 32);
        for (std::size_t i = 0; i < 16; ++i) {
            CHECK(values[i] == 0.5F * kTable.at(i));
            CHECK(values[i + 16] == 0.5F * kTable.at(15 - i));
        }
    }

    TEST_CASE("an IQ4_XS block puts its scales together from low and high bits") {
        // Scale of block k is k * 8 + 1, less 32: low bits in nibbles, high bits in pairs.
        std::vector<std::uint8_t> block(136, 0);
        block[1] = 0x3C;  // d = 1
        std::uint16_t high = 0;
        for (unsigned k = 0; k < 8; ++k) {
            const unsigned scale = k * 8 + 1;
            high = static_cast<std::uint16_t>(high | (scale >> 4) << (2 * k));
            block[4 + k / 2] = static_cast<std::uint8_t>(block[4 + k / 2] | (scale & 15) << (k % 2 * 4));
            for (unsigned i = 0; i < 16; ++i) block[8 + k * 16 + i] = static_cast<std::uint8_t>(i | (15 - i) << 4);
        }
        std::memcpy(&block[2], &high, 2);
        const auto values = unpacked(TensorType::IQ4_XS, block);
        REQUIRE(values.size() == 256);
        for (std::size_t k = 0; k < 8; ++k) {
            const float scale = static_cast<float>(k * 8 + 1) - 32;
            CHECK(values[k * 32] == scale * -127);
            CHECK(values[k * 32 + 15] == scale * 113);
            CHECK(values[k * 32 + 16] == scale * 113);
            CHECK(values[k * 32 + 31] == scale * -127);
        }
    }
}
