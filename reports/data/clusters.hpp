#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace reports::data {

/// Which items of a task share a passage, a subject or a dialogue, so that their scores depend on each other.
struct Clusters {
    std::string by = {};               ///< what they share: "passage"
    std::vector<std::size_t> of = {};  ///< [item]: its cluster, from 0; empty: every item stands alone
    std::size_t count = 0;

    /// Whether errors are to be clustered. A single cluster tells nothing of the spread between clusters.
    bool matter() const { return count > 1 && count < of.size(); }
};

}  // namespace reports::data
