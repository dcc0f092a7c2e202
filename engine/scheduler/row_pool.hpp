#pragma once

#include <cassert>
#include <cstdint>
#include <numeric>
#include <vector>

namespace engine::scheduler {

/// The rows of the KV cache, one for a token. A row may be held by several sequences that share a prefix; it is free
/// again when the last of them lets it go.
class RowPool {
public:
    explicit RowPool(std::uint32_t rows) : holders_(rows), free_(rows) { std::iota(free_.rbegin(), free_.rend(), 0U); }

    std::size_t available() const { return free_.size(); }

    /// A free row with one holder. There must be one.
    std::uint32_t take() {
        assert(!free_.empty());
        const std::uint32_t row = free_.back();
        free_.pop_back();
        holders_[row] = 1;
        return row;
    }

    void hold(std::uint32_t row) { ++holders_[row]; }

    void release(std::uint32_t row) {
        assert(holders_[row] > 0);
        if (--holders_[row] == 0) free_.push_back(row);
    }

private:
    std::vector<std::uint32_t> holders_;
    std::vector<std::uint32_t> free_;
};

}  // namespace engine::scheduler
