#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace harness::interchange {

/// What lm-evaluation-harness 0.4.9 has as the correct answer of a document, in the form that it takes `target_hash`
/// of: Python's str() of it. Most often `target`, the one of the store; a list of accepted answers is Python's list;
/// some tasks of the harness name another field of the document. `task` is the name there. A document without that
/// field, from another source, has `target`.
std::string lm_eval_target(const std::string& task, const std::string& target, const nlohmann::ordered_json& document);

}  // namespace harness::interchange
