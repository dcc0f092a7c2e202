#pragma once

#include <vector>

#include "harness/store/run_store.hpp"
#include "reports/data/documents.hpp"

namespace harness::results {

enum class DocumentHashes {
    None,   ///< a single run: nothing is paired
    Taken,  ///< every document is read
};

/// Which documents these items are of. `imported`: they come of another tool's log.
reports::data::Documents documents_of(const std::vector<store::ItemRow>& items, DocumentHashes hashes, bool imported);

/// Whether a task was read from another tool's log.
bool is_imported(const store::RunTaskRow& task);

}  // namespace harness::results
