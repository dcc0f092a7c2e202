#include "reports/statistics/comparison_graph.hpp"

#include <algorithm>

namespace reports::statistics {
namespace {

/// All variants that can be reached from `start`, itself included, ascending.
std::vector<std::size_t> reached(std::size_t variants, const std::vector<Edge>& edges, std::size_t start) {
    std::vector<std::vector<std::size_t>> next(variants);
    for (const auto& [from, to] : edges) next[from].push_back(to);
    std::vector<bool> seen(variants, false);
    std::vector<std::size_t> open = {start};
    seen[start] = true;
    std::vector<std::size_t> result;
    while (!open.empty()) {
        const std::size_t at = open.back();
        open.pop_back();
        result.push_back(at);
        for (const std::size_t to : next[at]) {
            if (!seen[to]) open.push_back(to);
            seen[to] = true;
        }
    }
    std::sort(result.begin(), result.end());
    return result;
}

std::vector<Edge> reversed(const std::vector<Edge>& edges) {
    std::vector<Edge> result;
    result.reserve(edges.size());
    for (const auto& [from, to] : edges) result.emplace_back(to, from);
    return result;
}

}  // namespace

std::vector<std::vector<std::size_t>> connected_groups(std::size_t variants, const std::vector<Edge>& compared) {
    std::vector<Edge> both = reversed(compared);
    both.insert(both.end(), compared.begin(), compared.end());
    std::vector<bool> placed(variants, false);
    std::vector<std::vector<std::size_t>> groups;
    for (std::size_t variant = 0; variant < variants; ++variant) {
        if (placed[variant]) continue;
        groups.push_back(reached(variants, both, variant));
        for (const std::size_t member : groups.back()) placed[member] = true;
    }
    std::stable_sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
    return groups;
}

bool is_strongly_connected(std::size_t variants, const std::vector<Edge>& beaten_by) {
    return variants == 0 || (reached(variants, beaten_by, 0).size() == variants &&
                             reached(variants, reversed(beaten_by), 0).size() == variants);
}

}  // namespace reports::statistics
