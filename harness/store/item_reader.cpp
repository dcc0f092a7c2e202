#include "harness/store/item_reader.hpp"

#include <limits>

#include "harness/store/database.hpp"
#include "harness/store/run_store.hpp"

namespace harness::store {
namespace {

/// The last document that a column can hold.
constexpr std::uint64_t kMaxDoc = std::numeric_limits<std::int64_t>::max();

}  // namespace

const ItemRow* ItemReader::next() {
    if (read_ == page_.size() && next_doc_ <= kMaxDoc) {
        page_ = runs_.page(run_task_, next_doc_, kItemsPerPage);
        read_ = 0;
        next_doc_ = page_.empty() ? kMaxDoc + 1 : page_.back().doc + 1;
    }
    return read_ == page_.size() ? nullptr : &page_[read_++];
}

const ItemRow& ItemFinder::at(std::uint64_t doc) {
    const ItemRow* found =
        page_.find(doc, [this](std::vector<ItemRow>& items, std::uint64_t first, std::uint64_t limit) {
            items = runs_.page(run_task_, first, limit);
        });
    if (found == nullptr) throw no_such_document(runs_.database(), run_task_, doc);
    return *found;
}

}  // namespace harness::store
