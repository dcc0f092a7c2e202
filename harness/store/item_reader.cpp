#include "harness/store/item_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "harness/store/database.hpp"
#include "harness/store/error.hpp"
#include "harness/store/run_store.hpp"

namespace harness::store {
namespace {

constexpr std::uint64_t kPage = 256;
/// The last document that a column can hold.
constexpr std::uint64_t kMaxDoc = std::numeric_limits<std::int64_t>::max();

}  // namespace

const ItemRow* ItemReader::next() {
    if (read_ == page_.size() && next_doc_ <= kMaxDoc) {
        page_ = runs_.page(run_task_, next_doc_, kPage);
        read_ = 0;
        next_doc_ = page_.empty() ? kMaxDoc + 1 : page_.back().doc + 1;
    }
    return read_ == page_.size() ? nullptr : &page_[read_++];
}

const ItemRow& ItemFinder::at(std::uint64_t doc) {
    const auto find = [this, doc] {
        return std::lower_bound(page_.begin(), page_.end(), doc,
                                [](const ItemRow& item, std::uint64_t wanted) { return item.doc < wanted; });
    };
    auto found = find();
    if (found == page_.end() || found->doc != doc) {
        // Pages grow while they are read on, so that documents in any other order cost one item each.
        const bool goes_on = page_.empty() || (doc > page_.back().doc && doc - page_.back().doc <= kPage);
        page_size_ = goes_on ? std::min(2 * page_size_, kPage) : 1;
        page_ = runs_.page(run_task_, doc, page_size_);
        found = find();
    }
    if (found == page_.end() || found->doc != doc)
        throw StoreError(fmt::format("{}: task {} has no document {}", runs_.database().path(), run_task_, doc));
    return *found;
}

}  // namespace harness::store
