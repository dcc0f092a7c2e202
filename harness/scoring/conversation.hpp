#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "harness/scoring/scorer.hpp"
#include "harness/store/rows.hpp"

namespace harness::scoring {

/// The turns of a list of {"role", "content"}. Empty unless it is a conversation that a user's turn ends.
std::vector<suites::Message> turns_from_json(const nlohmann::json& turns);

/// Whether a document has turns, as those of prompt sets have.
bool is_conversation(const std::string& document_json);

/// The answer at `position` of an item's requests with the conversation that it ends. The turns come from the document
/// where it has them (prompt sets: fields `turns`, `role`, `content`), else from the prompt.
StoredAnswer stored_answer(const store::ItemRow& item, std::size_t position);

}  // namespace harness::scoring
