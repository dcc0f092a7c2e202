#pragma once

#include <vector>

#include "harness/store/rows.hpp"
#include "reports/data/documents.hpp"

namespace harness::results {

/// The documents' numbers and hashes. `imported`: the rows come from another tool's log.
reports::data::Documents documents_of(const std::vector<store::DocumentRow>& rows, bool imported);

/// Whether a task was read from another tool's log, which has scores and documents of its own.
bool is_imported(const store::RunTaskRow& task);

/// Whether a run's answers come from elsewhere: then not all of its settings are known.
bool is_imported(const store::RunRow& run);

}  // namespace harness::results
