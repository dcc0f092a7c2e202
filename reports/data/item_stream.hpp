#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "reports/data/item_difference.hpp"

namespace reports::data {

/// Numbers of items of a task: all that differ, and those with a difference of each kind.
struct DifferenceCounts {
    std::uint64_t items = 0;
    std::uint64_t prompts = 0;
    std::uint64_t continuations = 0;
    std::uint64_t outputs = 0;
    std::uint64_t logprobs = 0;
    std::uint64_t verdicts = 0;

    void add(const ItemDifference& item);
};

/// The items of a RunDifference where they are not in memory together: all of a million may differ.
struct ItemStream {
    using Use = std::function<void(const ItemDifference&)>;

    std::vector<DifferenceCounts> counts;  ///< by index of RunDifference::tasks
    /// Gives the differing items of the task at an index to a function, in order: all, or the first ones.
    std::function<void(std::size_t task, const Use& use)> items;

    bool is_empty() const;
};

/// The items that `difference` has; it must outlive the stream.
ItemStream items_of(const RunDifference& difference);

}  // namespace reports::data
