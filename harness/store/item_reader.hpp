#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "harness/store/item_page.hpp"
#include "harness/store/rows.hpp"

namespace harness::store {

class RunStore;

/// Reads the items of a task in document order, a page at a time: a whole task need not fit into memory with its
/// outputs. The store must outlive it. Throws StoreError.
class ItemReader {
public:
    ItemReader(const RunStore& runs, std::int64_t run_task) : runs_(runs), run_task_(run_task) {}

    /// Valid until the next call; nullptr after the last item.
    const ItemRow* next();

private:
    const RunStore& runs_;
    std::int64_t run_task_;
    std::vector<ItemRow> page_;
    std::size_t read_ = 0;        ///< items of the page
    std::uint64_t next_doc_ = 0;  ///< where the next page begins
};

/// Finds items of a task by their documents: fast where these are asked for in ascending order, since then it reads
/// pages. The store must outlive it. Throws StoreError.
class ItemFinder {
public:
    ItemFinder(const RunStore& runs, std::int64_t run_task) : runs_(runs), run_task_(run_task) {}

    /// The item of a document that the task has; valid until the next call.
    const ItemRow& at(std::uint64_t doc);

private:
    const RunStore& runs_;
    std::int64_t run_task_;
    ItemPage<ItemRow> page_;
};

}  // namespace harness::store
