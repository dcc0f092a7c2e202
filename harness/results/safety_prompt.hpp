#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "harness/store/rows.hpp"
#include "reports/data/safety.hpp"

namespace harness::results {

/// What the prompts of a task ask for where they do not say it themselves: unsafe where its grader counts refusals as
/// right, everyday where it counts them as wrong; nullopt for other graders.
std::optional<reports::data::PromptKind> task_kind(const store::RunTaskRow& task);

/// A document as a safety prompt, without its hash; nullopt for documents that are not conversations of a prompt set,
/// and for those of a task when nothing says what its prompts ask for. A document says it by "label", "safe" or
/// "unsafe" (imported sets), or by a category of the borderline set.
std::optional<reports::data::SafetyItem> safety_prompt(const store::RunTaskRow& task, const nlohmann::json& document);

}  // namespace harness::results
