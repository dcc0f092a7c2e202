#include "engine/scheduler/prefix_cache.hpp"

#include <cassert>
#include <numeric>

namespace engine::scheduler {

PrefixCache::PrefixCache(std::uint32_t rows) : nodes_(rows) {
    clear();
}

void PrefixCache::clear() {
    nodes_.assign(nodes_.size(), {});
    free_.resize(nodes_.size());
    // Row 0 is used first, which makes dumps and tests easier to read.
    std::iota(free_.rbegin(), free_.rend(), 0U);
    by_prefix_.clear();
    ends_.clear();
    held_ = 0;
}

std::uint32_t PrefixCache::find(std::uint32_t parent, TokenId token) const {
    const auto found = by_prefix_.find(key(parent, token));
    return found == by_prefix_.end() ? kNone : found->second;
}

std::uint32_t PrefixCache::hold(std::uint32_t parent, TokenId token) {
    std::uint32_t row = find(parent, token);
    if (row == kNone) {
        row = take();
        nodes_[row] = {.parent = parent, .token = token, .shared = true};
        if (parent != kNone) ++nodes_[parent].children;
        by_prefix_.emplace(key(parent, token), row);
        // A held row must not be evicted.
    } else if (nodes_[row].holders == 0 && nodes_[row].children == 0) {
        ends_.erase({nodes_[row].last_use, row});
    }
    // Two sequences of one batch may hold the same row.
    if (nodes_[row].holders++ == 0) ++held_;
    return row;
}

std::uint32_t PrefixCache::hold_alone() {
    const std::uint32_t row = take();
    nodes_[row] = {.holders = 1};
    ++held_;
    return row;
}

void PrefixCache::release(std::uint32_t row) {
    Node& node = nodes_[row];
    assert(node.holders > 0);
    if (--node.holders > 0) return;
    --held_;
    node.last_use = ++clock_;
    // Nobody can find the row again.
    if (!node.shared) {
        free_.push_back(row);
    } else if (node.children == 0) {
        ends_.emplace(node.last_use, row);
    }
}

std::uint32_t PrefixCache::take() {
    assert(held_ < rows());
    // If no row is free, `ends_` is not empty: a row that is not held has no held rows below it, so there is a leaf to
    // evict.
    if (free_.empty()) forget(ends_.begin()->second);
    const std::uint32_t row = free_.back();
    free_.pop_back();
    return row;
}

void PrefixCache::forget(std::uint32_t row) {
    const Node node = nodes_[row];
    ends_.erase({node.last_use, row});
    by_prefix_.erase(key(node.parent, node.token));
    free_.push_back(row);
    if (node.parent == kNone) return;
    Node& parent = nodes_[node.parent];
    // The parent is a leaf now and may be evicted next.
    if (--parent.children == 0 && parent.holders == 0) ends_.emplace(parent.last_use, node.parent);
}

}  // namespace engine::scheduler
