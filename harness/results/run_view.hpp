#pragma once

#include "harness/store/run_store.hpp"
#include "reports/data/run.hpp"
#include "suites/catalog.hpp"

namespace harness::results {

enum class DocumentHashes {
    None,   ///< for a single run, which is not paired
    Taken,  ///< computed; reads every document
};

/// A run as reports show it, without items to browse, and with the groups of the catalogue whose tasks it has all.
/// Comparing runs needs the documents' hashes, which pair them.
reports::data::RunView run_view(const store::RunStore& runs, const store::RunRow& run, const suites::Catalog& catalog,
                                DocumentHashes hashes = DocumentHashes::None);

/// A run with its settings only: tasks have no items and no numbers.
reports::data::RunView settings_view(const store::RunStore& runs, const store::RunRow& run);

}  // namespace harness::results
