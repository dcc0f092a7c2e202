#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace safety {

/// `value` of a byte that is not UTF-8.
constexpr char32_t kInvalidCodePoint = 0xFFFFFFFF;

struct CodePoint {
    char32_t value = kInvalidCodePoint;
    std::size_t bytes = 1;
};

/// The code point at the start of a text that is not empty; kInvalidCodePoint for a byte that is not UTF-8.
inline CodePoint next_code_point(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) return {first, 1};
    const std::size_t bytes = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < bytes) return {};
    char32_t value = first & (0xFFu >> (bytes + 1));
    for (std::size_t i = 1; i < bytes; ++i) {
        if ((byte(i) & 0xC0u) != 0x80u) return {};
        value = value << 6 | (byte(i) & 0x3Fu);
    }
    constexpr std::array<char32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
    const bool is_surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < kLeast[bytes] || value > 0x10FFFF || is_surrogate) return {};
    return {value, bytes};
}

}  // namespace safety
