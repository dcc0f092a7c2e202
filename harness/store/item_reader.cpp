#include "harness/store/item_reader.hpp"

#include <limits>

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

}  // namespace harness::store
