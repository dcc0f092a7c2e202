#pragma once

#include <cstdint>
#include <vector>

#include "harness/store/run_store.hpp"
#include "reports/data/task.hpp"

namespace harness::results {

/// The categories of documents: their field "category", or "subject" where the first document has no other. No names if
/// the first document has neither.
reports::data::Categories categories_of(const std::vector<store::DocumentRow>& rows);
/// The same of a stored task's documents, read one by one. Throws StoreError.
reports::data::Categories categories_of(const store::RunStore& runs, std::int64_t run_task);

}  // namespace harness::results
