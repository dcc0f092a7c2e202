#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "harness/store/error.hpp"

namespace harness::store {

class Database;

constexpr std::uint64_t kItemsPerPage = 256;

/// Finds items by their documents, sorted, a page at a time: pages grow while they are read on, so that documents in
/// any other order cost one item each.
template <class Item>
class ItemPage {
public:
    /// The item of document `doc`; nullptr if there is none. `read(items, first_doc, limit)` replaces a page's items.
    template <class Read>
    const Item* find(std::uint64_t doc, const Read& read) {
        if (const Item* known = find(doc)) return known;
        const bool goes_on = items_.empty() || (doc > items_.back().doc && doc - items_.back().doc <= kItemsPerPage);
        size_ = goes_on ? std::min(2 * size_, kItemsPerPage) : 1;
        read(items_, doc, size_);
        return find(doc);
    }

private:
    const Item* find(std::uint64_t doc) const {
        const auto found = std::lower_bound(items_.begin(), items_.end(), doc,
                                            [](const Item& item, std::uint64_t wanted) { return item.doc < wanted; });
        return found == items_.end() || found->doc != doc ? nullptr : &*found;
    }

    std::vector<Item> items_;
    std::uint64_t size_ = 1;
};

StoreError no_such_document(const Database& database, std::int64_t run_task, std::uint64_t doc);

}  // namespace harness::store
