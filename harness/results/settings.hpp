#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "harness/store/run_store.hpp"
#include "reports/data/setting.hpp"

namespace harness::results {

/// A setting's value as people read it: strings unchanged, "yes" and "no", the shortest digits that identify a number.
std::string setting_text(const nlohmann::json& value);

/// What a run's numbers depend on besides model and tasks: device, numerics, chat format, seeds and the like.
/// Unreadable parts are left out.
reports::data::Settings run_settings(const store::RunRow& run);

/// The engine's warnings about the model file.
std::vector<std::string> model_warnings(const store::RunRow& run);

/// The system prompt of task number `index` in the plan; empty if it has none, or if the command line's replaced it.
std::string own_system_prompt(const store::RunRow& run, std::size_t index);

/// Settings of task number `index` in the plan, without its definition but with its own system prompt.
reports::data::Settings task_settings(const store::RunRow& run, std::size_t index);

/// Facts recorded when a task ran: how its programs were confined. Not part of the plan.
reports::data::Settings execution_settings(const store::RunTaskRow& task);

/// The fields of a task's definition but its system prompt: strings unchanged, other values as JSON. Unknown fields are
/// included, so that fields of later and earlier builds are compared too; an unreadable definition gives no fields.
reports::data::Settings definition_fields(const store::RunTaskRow& task);

}  // namespace harness::results
