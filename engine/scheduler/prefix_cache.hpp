#pragma once

#include <cstdint>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/language_model.hpp"

namespace engine::scheduler {

/// The rows of the KV cache as a tree. A row holds the keys and values of one token after one prefix; its parent is the
/// row of the prefix's last token. The path to a row determines its contents, so rows never change, and sequences share
/// the rows of a common prefix. Released rows are kept for later sequences until they are needed: leaves are evicted
/// first, least recently used first.
class PrefixCache {
public:
    static constexpr std::uint32_t kNone = ~0U;  ///< the parent of a sequence's first row; no row

    explicit PrefixCache(std::uint32_t rows);

    std::uint32_t rows() const { return static_cast<std::uint32_t>(nodes_.size()); }
    /// Number of rows held by sequences; the others are available.
    std::uint32_t held() const { return held_; }
    bool is_held(std::uint32_t row) const { return nodes_[row].holders > 0; }

    /// The row of `token` behind `parent`; kNone where there is none.
    std::uint32_t find(std::uint32_t parent, TokenId token) const;
    /// The same, or a new row when there is none; held until release(), once per call. A sequence must hold all rows of
    /// its prefix. Requires held() < rows(), or that the row is held already.
    std::uint32_t hold(std::uint32_t parent, TokenId token);
    /// A new row that find() does not return; free again after release(). Requires held() < rows().
    std::uint32_t hold_alone();
    void release(std::uint32_t row);

    /// Whether the row's keys and values have been computed, or will be by the batch being assembled.
    bool is_computed(std::uint32_t row) const { return nodes_[row].computed; }
    void set_computed(std::uint32_t row) { nodes_[row].computed = true; }

    /// Drops all rows, held ones included: after a failure, when rows may not hold what they should.
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
    /// A row that is not known; takes one from the least recently used end where none is free.
    std::uint32_t take();
    void forget(std::uint32_t row);

    std::vector<Node> nodes_;  // by row
    std::vector<std::uint32_t> free_;
    std::unordered_map<std::uint64_t, std::uint32_t> by_prefix_;
    std::set<std::pair<std::uint64_t, std::uint32_t>> ends_;  // last use and row: neither held nor with children
    std::uint64_t clock_ = 0;
    std::uint32_t held_ = 0;
};

}  // namespace engine::scheduler
