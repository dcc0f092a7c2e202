#include "reports/statistics/majority.hpp"

#include <algorithm>

namespace reports::statistics {

std::optional<std::size_t> majority(std::span<const std::size_t> votes) {
    for (const std::size_t vote : votes) {
        const auto same = static_cast<std::size_t>(std::count(votes.begin(), votes.end(), vote));
        if (2 * same > votes.size()) return vote;
    }
    return std::nullopt;
}

}  // namespace reports::statistics
