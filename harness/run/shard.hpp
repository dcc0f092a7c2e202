#pragma once

#include <cstddef>
#include <string_view>

namespace harness::run {

/// A part of a run's items: of each task, every `count`-th item from `index` on, in the order of execution. The shard
/// does not change an item's prompt, its few-shot examples or its random numbers.
struct Shard {
    static constexpr std::size_t kMaxCount = 1'000'000;

    std::size_t index = 1;  ///< 1 to count
    std::size_t count = 1;

    /// Parses "I/N". Throws std::invalid_argument with a message.
    static Shard parse(std::string_view text);

    /// `position` is the index among a task's items, from 0.
    bool holds(std::size_t position) const { return position % count == index - 1; }
    bool whole() const { return count == 1; }
};

}  // namespace harness::run
