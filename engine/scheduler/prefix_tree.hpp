#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/language_model.hpp"

namespace engine::scheduler {

enum class Reuse { SharedPrefixes, None };

/// A continuation token whose log-probability is read off a node's logits.
struct Wanted {
    std::uint32_t request = 0;
    std::uint32_t index = 0;  ///< in the request's continuation
};

/// The input tokens of many score requests, each shared prefix once. Nodes stand depth first: a node's parent is the
/// last one before it whose depth is one less.
struct PrefixTree {
    struct Node {
        TokenId id = 0;
        std::uint32_t depth = 0;         ///< position in the sequence
        std::uint32_t first_wanted = 0;  ///< in `wanted`; the next node's is the end
    };
    std::vector<Node> nodes;
    std::vector<Wanted> wanted;

    /// The last token of a request is never an input. `Reuse::None` shares nothing.
    static PrefixTree build(std::span<const ScoreRequest> requests, Reuse reuse);

    std::span<const Wanted> wanted_of(std::size_t node) const {
        const std::size_t end = node + 1 < nodes.size() ? nodes[node + 1].first_wanted : wanted.size();
        return std::span(wanted).subspan(nodes[node].first_wanted, end - nodes[node].first_wanted);
    }
};

}  // namespace engine::scheduler
