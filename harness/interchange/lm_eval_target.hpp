#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace harness::interchange {

/// The correct answer of a document as lm-evaluation-harness 0.4.9 hashes it for `target_hash`: Python's str() of it.
/// Usually this is `target` from the store; a list of accepted answers becomes a Python list; some of its tasks use
/// another field of the document. `task` is the name there. Falls back to `target` when a document from another source
/// lacks that field.
std::string lm_eval_target(const std::string& task, const std::string& target, const nlohmann::ordered_json& document);

}  // namespace harness::interchange
