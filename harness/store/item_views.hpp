#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "harness/store/item_page.hpp"
#include "harness/store/statement.hpp"

namespace harness::store {

/// Fields of a RequestRow.
struct RequestView {
    std::string_view kind;
    std::string_view context;
    std::string_view continuation;
    std::string_view output;
    double logprob = 0;
};

/// Fields of a ScoreRow.
struct ScoreView {
    std::string_view metric;
    std::optional<double> value;
};

/// What a comparison of runs needs of an item.
struct ItemView {
    std::uint64_t doc = 0;
    std::string_view error;
    std::span<const RequestView> requests;
    std::span<const ScoreView> scores;  ///< of the task's own scorer, sorted by metric
};

/// Finds items of a task by their documents, like ItemFinder, but reads only what an ItemView has, into memory that all
/// pages use: for millions of items. The database must outlive it. Throws StoreError.
class ItemViewFinder {
public:
    ItemViewFinder(const Database& database, std::int64_t run_task);
    ItemViewFinder(const ItemViewFinder&) = delete;
    ItemViewFinder& operator=(const ItemViewFinder&) = delete;

    /// The item of a document that the task has; it and its views are valid until the next call.
    const ItemView& at(std::uint64_t doc);

private:
    void read_page(std::vector<ItemView>& items, std::uint64_t first_doc, std::uint64_t limit);
    std::string_view keep(std::string_view text);

    const Database& database_;
    std::int64_t run_task_;
    std::unique_ptr<std::byte[]> buffer_;
    std::pmr::monotonic_buffer_resource texts_;  ///< of the page, beyond `buffer_` on the heap
    ItemPage<ItemView> page_;
    std::vector<RequestView> requests_;  ///< of the page
    std::vector<ScoreView> scores_;
    Statement read_items_{database_, R"sql(
        SELECT id, doc, error FROM item WHERE run_task = ?1 AND doc >= ?2 ORDER BY doc LIMIT ?3)sql"};
    // Rows of the items whose ids are in a range: see ItemRanges.
    Statement read_requests_{database_, R"sql(
        SELECT item, kind, context, continuation, output, logprob
        FROM request WHERE item BETWEEN ?1 AND ?2 ORDER BY item, position)sql"};
    Statement read_scores_{database_, R"sql(
        SELECT item, metric, value FROM score WHERE item BETWEEN ?1 AND ?2 ORDER BY item, metric)sql"};
};

}  // namespace harness::store
