#include "engine/scheduler/prefix_tree.hpp"

#include <algorithm>
#include <numeric>

namespace engine::scheduler {
namespace {

std::size_t common_prefix(const Sequence& a, const Sequence& b) {
    const std::size_t end = std::min(a.size(), b.size());
    std::size_t i = 0;
    // Compares pieces of 64 tokens at once, because thousands of questions share the same few-shot examples.
    constexpr std::size_t kPiece = 64;
    const std::size_t both = std::min({end, a.context.size(), b.context.size()});
    while (i + kPiece <= both && std::equal(&a.context[i], &a.context[i] + kPiece, &b.context[i])) i += kPiece;
    while (i < end && a[i] == b[i]) ++i;
    return i;
}

bool before(const Sequence& a, const Sequence& b) {
    const std::size_t common = common_prefix(a, b);
    if (common < a.size() && common < b.size()) return a[common] < b[common];
    return a.size() < b.size();
}

}  // namespace

PrefixTree PrefixTree::build(std::span<const Sequence> sequences, Reuse reuse) {
    // After sorting by tokens, neighbours share the longest prefixes, so that one pass builds the tree.
    std::vector<std::uint32_t> order(sequences.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(),
                     [sequences](std::uint32_t a, std::uint32_t b) { return before(sequences[a], sequences[b]); });

    PrefixTree tree;
    std::vector<std::pair<std::uint32_t, Wanted>> at_node;  // node and a result needed there
    std::vector<std::uint32_t> path;                        // node of each depth
    for (std::size_t i = 0; i < order.size(); ++i) {
        const Sequence& sequence = sequences[order[i]];
        path.resize(i > 0 && reuse == Reuse::SharedPrefixes ? common_prefix(sequences[order[i - 1]], sequence) : 0);
        for (std::size_t depth = path.size(); depth < sequence.size(); ++depth) {
            path.push_back(static_cast<std::uint32_t>(tree.nodes.size()));
            tree.nodes.push_back({sequence[depth], static_cast<std::uint32_t>(depth), 0});
        }
        const std::size_t first = sequence.context.size() - 1;
        for (std::size_t depth = first; depth < sequence.size(); ++depth) {
            at_node.push_back({path[depth], {order[i], static_cast<std::uint32_t>(depth - first)}});
        }
    }
    // Requests that need the same node may not be neighbours in the order.
    std::stable_sort(at_node.begin(), at_node.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::size_t next = 0;
    for (std::uint32_t node = 0; node < tree.nodes.size(); ++node) {
        tree.nodes[node].first_wanted = static_cast<std::uint32_t>(tree.wanted.size());
        for (; next < at_node.size() && at_node[next].first == node; ++next)
            tree.wanted.push_back(at_node[next].second);
    }
    return tree;
}

}  // namespace engine::scheduler
