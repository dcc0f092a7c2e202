#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/language_model.hpp"

namespace engine::scheduler {

enum class Reuse { SharedPrefixes, None };

/// Input tokens of one request. Results are needed at the last token of `context` and at every token of `rest`.
struct Sequence {
    std::span<const TokenId> context;  ///< at least one token
    std::span<const TokenId> rest;

    std::size_t size() const { return context.size() + rest.size(); }
    TokenId operator[](std::size_t index) const {
        return index < context.size() ? context[index] : rest[index - context.size()];
    }
};

/// A position of a request whose result is needed.
struct Wanted {
    std::uint32_t request = 0;
    std::uint32_t index = 0;  ///< 0: last token of the context; 1 and up: tokens of the rest
};

/// The input tokens of many requests, with each shared prefix stored once. Nodes are in depth-first order: a node's
/// parent is the last node before it whose depth is one less.
struct PrefixTree {
    struct Node {
        TokenId id = 0;
        std::uint32_t depth = 0;         ///< position in the sequence
        std::uint32_t first_wanted = 0;  ///< index in `wanted`; ends at the next node's first_wanted
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
