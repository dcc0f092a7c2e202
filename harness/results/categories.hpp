#pragma once

#include <vector>

#include "harness/store/rows.hpp"
#include "reports/data/task.hpp"

namespace harness::results {

/// The categories of documents: their field "category", or "subject" where the first document has no other. No names if
/// the first document has neither.
reports::data::Categories categories_of(const std::vector<store::DocumentRow>& rows);

}  // namespace harness::results
