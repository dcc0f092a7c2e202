#pragma once

#include "harness/store/run_store.hpp"
#include "reports/data/run.hpp"
#include "suites/catalog.hpp"

namespace harness::results {

enum class DocumentHashes {
    None,   ///< a single run: nothing is paired
    Taken,  ///< every document is read
};

/// A run as reports show it, with the first `shown_items` items of each task to browse, and the groups of the catalogue
/// all of whose tasks it has. Runs that are compared need the hashes of their documents, which pair them.
reports::data::RunView run_view(const store::RunStore& runs, const store::RunRow& run, const suites::Catalog& catalog,
                                std::uint64_t shown_items, DocumentHashes hashes = DocumentHashes::None);

/// The same with the settings alone, and tasks without items and numbers.
reports::data::RunView settings_view(const store::RunStore& runs, const store::RunRow& run);

}  // namespace harness::results
