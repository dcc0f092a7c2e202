#pragma once

#include <cstddef>
#include <limits>
#include <memory>

#include "harness/store/run_store.hpp"
#include "reports/data/item_difference.hpp"
#include "reports/data/item_stream.hpp"

namespace harness::results {

/// Compares items of the same task and document, even if versions or profiles differ; documents are paired by
/// reports::sections::pair_documents. Log-probabilities differ when they are more than `tolerance` apart; two equal
/// infinities do not. Items are read and compared one by one; those that differ are read again when they are asked for.
/// The database must not change meanwhile: the caller holds a ReadTransaction, or it is its own.
class ItemDifferences {
public:
    ItemDifferences(const store::RunStore& runs, const store::RunRow& first, const store::RunRow& second,
                    double tolerance);
    ~ItemDifferences();
    ItemDifferences(const ItemDifferences&) = delete;
    ItemDifferences& operator=(const ItemDifferences&) = delete;

    /// Everything but the items.
    const reports::data::RunDifference& summary() const;
    /// The items that differ: all of them counted, and the first `most` of each task given. Valid as long as this
    /// object.
    reports::data::ItemStream items(std::size_t most = std::numeric_limits<std::size_t>::max()) const;
    bool identical() const { return summary().identical() && items().is_empty(); }

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

/// The same with all items that differ, for small runs.
reports::data::RunDifference item_differences(const store::RunStore& runs, const store::RunRow& first,
                                              const store::RunRow& second, double tolerance);

}  // namespace harness::results
