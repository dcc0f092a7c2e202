#pragma once

#include "harness/scoring/scorer.hpp"
#include "harness/store/rows.hpp"

namespace harness::scoring {

/// The answer at `position` of an item's requests with the conversation that it ends. The turns come from the document
/// where it has them (prompt sets: fields `turns`, `role`, `content`), else from the prompt.
StoredAnswer stored_answer(const store::ItemRow& item, std::size_t position);

}  // namespace harness::scoring
