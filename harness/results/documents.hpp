#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "harness/store/rows.hpp"
#include "reports/data/documents.hpp"

namespace harness::results {

/// Hashes of a document that do not depend on the order of its keys or on whitespace.
struct DocumentHash {
    std::uint64_t content = 0;  ///< with its correct answer
    std::uint64_t row = 0;      ///< without it
};
DocumentHash document_hash(std::string_view document_json, std::string_view target);

/// The documents' numbers and hashes. `imported`: the rows come from another tool's log.
reports::data::Documents documents_of(const std::vector<store::DocumentRow>& rows, bool imported);

/// Whether a task was read from another tool's log, which has scores and documents of its own.
bool is_imported(const store::RunTaskRow& task);

/// Whether a run's answers come from elsewhere: then not all of its settings are known.
bool is_imported(const store::RunRow& run);

}  // namespace harness::results
