#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace reports::statistics {

/// The category that more than half of the votes name. nullopt is "no consensus", also without votes: never the first
/// label, nor the most frequent one.
std::optional<std::size_t> majority(std::span<const std::size_t> votes);

}  // namespace reports::statistics
