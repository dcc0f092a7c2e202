#pragma once

#include <cstddef>
#include <string_view>

namespace harness::run {

/// A part of a run's items: of each task, in the order in which they are asked, every `count`-th one from `index` on.
/// Which part an item is in changes nothing about its prompt, its examples or its draws.
struct Shard {
    static constexpr std::size_t kMaxCount = 1'000'000;

    std::size_t index = 1;  ///< 1 to count
    std::size_t count = 1;

    /// Reads "I/N". Throws std::invalid_argument with a message that says what is wrong.
    static Shard parse(std::string_view text);

    /// `position` among a task's items, from 0.
    bool holds(std::size_t position) const { return position % count == index - 1; }
    bool whole() const { return count == 1; }
};

}  // namespace harness::run
