#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "harness/store/statement.hpp"

namespace harness::store {

/// Items by their ids, for reading the rows that belong to them (requests, scores) in few queries: a batch of items
/// usually has ids without a gap, so one query from its first to its last id replaces a search for each item.
class ItemRanges {
public:
    void reserve(std::size_t items) { places_.reserve(items); }
    /// `index`: of the item among those that the caller has.
    void add(std::int64_t id, std::size_t index) { places_.push_back({id, index}); }
    /// To be called after the last add().
    void sort() {
        const auto by_id = [](const Place& a, const Place& b) { return a.id < b.id; };
        if (!std::is_sorted(places_.begin(), places_.end(), by_id)) std::sort(places_.begin(), places_.end(), by_id);
    }

    /// Calls `add(index)` for each row of `rows`, whose parameters ?1 and ?2 are the first and the last id of a range,
    /// and whose first column is the item's id, which it is sorted by.
    template <class Add>
    void read(Statement& rows, const Add& add) const {
        for (std::size_t from = 0; from < places_.size();) {
            std::size_t to = from + 1;
            while (to < places_.size() && places_[to].id == places_[to - 1].id + 1) ++to;
            const std::int64_t first = places_[from].id;
            rows.bind(first, places_[to - 1].id);
            while (rows.step()) add(places_[from + static_cast<std::size_t>(rows.integer(0) - first)].index);
            from = to;
        }
    }

private:
    struct Place {
        std::int64_t id = 0;
        std::size_t index = 0;
    };
    std::vector<Place> places_;
};

}  // namespace harness::store
