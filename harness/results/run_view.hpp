#pragma once

#include "harness/store/run_store.hpp"
#include "reports/data/run.hpp"
#include "suites/catalog.hpp"

namespace harness::results {

/// OfStoredText: to pair the documents with those of another run (make_hashes_comparable).
enum class DocumentHashes { None, OfStoredText };

/// A run as reports show it, without items to browse, and with the groups of the catalogue whose tasks it has all.
reports::data::RunView run_view(const store::RunStore& runs, const store::RunRow& run, const suites::Catalog& catalog,
                                DocumentHashes hashes = DocumentHashes::None);

/// A run with its settings only: tasks have no items and no numbers.
reports::data::RunView settings_view(const store::RunStore& runs, const store::RunRow& run);

}  // namespace harness::results
