#include "reports/statistics/clusters.hpp"

#include <algorithm>
#include <numeric>
#include <unordered_map>

namespace reports::statistics {
namespace {

/// The same as `cluster_numbers` without hashing, for names below `end`.
std::vector<std::size_t> numbers_of_small_names(std::span<const std::size_t> names, std::size_t end) {
    std::vector<std::size_t> position(end, end);
    std::vector<std::size_t> numbers;
    numbers.reserve(names.size());
    std::size_t next = 0;
    for (const std::size_t name : names) {
        if (position[name] == end) position[name] = next++;
        numbers.push_back(position[name]);
    }
    return numbers;
}

}  // namespace

std::vector<std::size_t> cluster_numbers(std::size_t items, std::span<const std::size_t> cluster_of) {
    std::vector<std::size_t> numbers(items);
    if (cluster_of.empty()) {
        std::iota(numbers.begin(), numbers.end(), std::size_t{0});
        return numbers;
    }
    const auto names = cluster_of.first(items);
    const std::size_t largest = items == 0 ? 0 : *std::max_element(names.begin(), names.end());
    if (largest <= 4 * items) return numbers_of_small_names(names, largest + 1);
    std::unordered_map<std::size_t, std::size_t> position;
    for (std::size_t item = 0; item < items; ++item)
        numbers[item] = position.try_emplace(names[item], position.size()).first->second;
    return numbers;
}

std::vector<std::vector<std::size_t>> clusters_of(std::size_t items, const std::vector<std::size_t>& cluster_of) {
    std::vector<std::vector<std::size_t>> clusters;
    const std::vector<std::size_t> numbers = cluster_numbers(items, cluster_of);
    for (std::size_t item = 0; item < items; ++item) {
        if (numbers[item] == clusters.size()) clusters.emplace_back();
        clusters[numbers[item]].push_back(item);
    }
    return clusters;
}

}  // namespace reports::statistics
