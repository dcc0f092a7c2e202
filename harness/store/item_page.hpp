#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "harness/store/error.hpp"

namespace harness::store {

class Database;

/// How many items to read at once when items are asked for by document: pages grow while they are read on, so that
/// documents in any other order cost one item each.
class PageSize {
public:
    static constexpr std::uint64_t kLargest = 256;

    /// Of a page that begins at `doc`; `last`: the last document of the page before.
    std::uint64_t next(std::uint64_t doc, std::optional<std::uint64_t> last) {
        const bool goes_on = !last || (doc > *last && doc - *last <= kLargest);
        size_ = goes_on ? std::min(2 * size_, kLargest) : 1;
        return size_;
    }

private:
    std::uint64_t size_ = 1;
};

/// The item of document `doc` in a page, which is sorted by document; nullptr if it is not there.
template <class Item>
const Item* find_document(const std::vector<Item>& page, std::uint64_t doc) {
    const auto found = std::lower_bound(page.begin(), page.end(), doc,
                                        [](const Item& item, std::uint64_t wanted) { return item.doc < wanted; });
    return found == page.end() || found->doc != doc ? nullptr : &*found;
}

template <class Item>
std::optional<std::uint64_t> last_document(const std::vector<Item>& page) {
    return page.empty() ? std::nullopt : std::optional(page.back().doc);
}

StoreError no_such_document(const Database& database, std::int64_t run_task, std::uint64_t doc);

}  // namespace harness::store
