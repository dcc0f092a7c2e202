#pragma once

#include <cstdint>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/language_model.hpp"

namespace engine::scheduler {

/// Manages the rows of the KV cache as a tree. A row has the keys and values of one token after one prefix; its parent
/// is the row of the prefix's last token. The path to a row determines its contents, so rows never change, and
/// sequences share the rows of a common prefix. Released rows are kept for later sequences until their space is needed;
/// only leaves are evicted, least recently used first.
class PrefixCache {
public:
    static constexpr std::uint32_t kNone = ~0U;  ///< no row; the parent of a sequence's first row

    explicit PrefixCache(std::uint32_t rows);

    std::uint32_t rows() const { return static_cast<std::uint32_t>(nodes_.size()); }
    /// Number of rows held by sequences; the others are available.
    std::uint32_t held() const { return held_; }
    bool is_held(std::uint32_t row) const { return nodes_[row].holders > 0; }

    /// The row of `token` after `parent`; kNone when there is none.
    std::uint32_t find(std::uint32_t parent, TokenId token) const;
    /// Like find(), but makes a new row when there is none, and holds the row; each call needs its own release(). A
    /// sequence must hold all rows of its prefix. Requires held() < rows(), or that the row is held already.
    std::uint32_t hold(std::uint32_t parent, TokenId token);
    /// Holds a new row that find() never returns; release() frees it. Requires held() < rows().
    std::uint32_t hold_alone();
    void release(std::uint32_t row);

    /// Whether the row's keys and values have been computed, or will be by the batch being assembled.
    bool is_computed(std::uint32_t row) const { return nodes_[row].computed; }
    void set_computed(std::uint32_t row) { nodes_[row].computed = true; }

    /// Drops all rows, including held ones: after a failure, rows may have wrong contents.
    void clear();

private:
    struct Node {
        std::uint32_t parent = kNone;
        TokenId token = 0;
        std::uint32_t holders = 0;
        std::uint32_t children = 0;
        std::uint64_t last_use = 0;
        bool computed = false;
        bool shared = false;  ///< in by_prefix_
    };

    static std::uint64_t key(std::uint32_t parent, TokenId token) {
        return std::uint64_t{parent} << 32 | static_cast<std::uint32_t>(token);
    }
    /// An unused row; when none is free, evicts the least recently used leaf.
    std::uint32_t take();
    void forget(std::uint32_t row);

    std::vector<Node> nodes_;  // by row
    std::vector<std::uint32_t> free_;
    std::unordered_map<std::uint64_t, std::uint32_t> by_prefix_;
    std::set<std::pair<std::uint64_t, std::uint32_t>> ends_;  // last use and row of leaves that are not held
    std::uint64_t clock_ = 0;
    std::uint32_t held_ = 0;
};

}  // namespace engine::scheduler
