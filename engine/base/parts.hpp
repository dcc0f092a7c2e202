#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

namespace engine::base {

/// Calls take(part) for consecutive parts of the pieces, of at most 8 MiB each.
template <class Take>
void for_each_part(std::span<const std::span<const std::byte>> pieces, const Take& take) {
    constexpr std::size_t kPart = std::size_t{8} << 20;
    for (const std::span<const std::byte> piece : pieces) {
        for (std::size_t at = 0; at < piece.size(); at += kPart)
            take(piece.subspan(at, std::min(kPart, piece.size() - at)));
    }
}

}  // namespace engine::base
