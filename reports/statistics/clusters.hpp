#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace reports::statistics {

/// [item]: its cluster, numbered from 0 in the order in which the clusters appear. `cluster_of` gives each item's
/// cluster (any numbers), and is empty if every item is a cluster of its own.
std::vector<std::size_t> cluster_numbers(std::size_t items, std::span<const std::size_t> cluster_of);

/// Items of each cluster, in the order in which the clusters appear. `cluster_of` gives each item's cluster (any
/// numbers), and is empty if every item is a cluster of its own.
std::vector<std::vector<std::size_t>> clusters_of(std::size_t items, const std::vector<std::size_t>& cluster_of);

}  // namespace reports::statistics
