#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/language_model.hpp"

namespace engine::scheduler {

enum class Reuse { SharedPrefixes, None };

/// Input tokens of one request. What the network says of the last token of `context` and of every token of `rest` is
/// wanted.
struct Sequence {
    std::span<const TokenId> context;  ///< one token at least
    std::span<const TokenId> rest;

    std::size_t size() const { return context.size() + rest.size(); }
    TokenId operator[](std::size_t index) const {
        return index < context.size() ? context[index] : rest[index - context.size()];
    }
};

/// A place of a request at which something is read off a node's results.
struct Wanted {
    std::uint32_t request = 0;
    std::uint32_t index = 0;  ///< 0: the last token of the context, then those of the rest
};

/// The input tokens of many requests, each shared prefix once. Nodes stand depth first: a node's parent is the last one
/// before it whose depth is one less.
struct PrefixTree {
    struct Node {
        TokenId id = 0;
        std::uint32_t depth = 0;         ///< position in the sequence
        std::uint32_t first_wanted = 0;  ///< in `wanted`; the next node's is the end
    };
    std::vector<Node> nodes;
    std::vector<Wanted> wanted;

    /// `Reuse::None` shares nothing.
    static PrefixTree build(std::span<const Sequence> sequences, Reuse reuse);

    std::span<const Wanted> wanted_of(std::size_t node) const {
        const std::size_t end = node + 1 < nodes.size() ? nodes[node + 1].first_wanted : wanted.size();
        return std::span(wanted).subspan(nodes[node].first_wanted, end - nodes[node].first_wanted);
    }
};

}  // namespace engine::scheduler
