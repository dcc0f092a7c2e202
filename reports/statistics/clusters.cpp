#include "reports/statistics/clusters.hpp"

#include <unordered_map>

namespace reports::statistics {

std::vector<std::vector<std::size_t>> clusters_of(std::size_t items, const std::vector<std::size_t>& cluster_of) {
    std::vector<std::vector<std::size_t>> clusters;
    std::unordered_map<std::size_t, std::size_t> position;
    for (std::size_t item = 0; item < items; ++item) {
        const std::size_t name = cluster_of.empty() ? item : cluster_of[item];
        const auto [entry, added] = position.try_emplace(name, clusters.size());
        if (added) clusters.emplace_back();
        clusters[entry->second].push_back(item);
    }
    return clusters;
}

}  // namespace reports::statistics
