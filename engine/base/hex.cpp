#include "engine/base/hex.hpp"

namespace engine::base {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

}  // namespace

std::string to_hex(std::span<const std::byte> bytes) {
    std::string text;
    for (const std::byte byte : bytes) {
        text += kHexDigits[std::to_integer<std::size_t>(byte >> 4)];
        text += kHexDigits[std::to_integer<std::size_t>(byte & std::byte{15})];
    }
    return text;
}

bool from_hex(std::string_view text, std::span<std::byte> bytes) {
    if (text.size() != 2 * bytes.size()) return false;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const std::size_t high = kHexDigits.find(text[2 * i]);
        const std::size_t low = kHexDigits.find(text[2 * i + 1]);
        if (high == kHexDigits.npos || low == kHexDigits.npos) return false;
        bytes[i] = static_cast<std::byte>(high << 4 | low);
    }
    return true;
}

}  // namespace engine::base
