#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/store/run_store.hpp"
#include "reports/data/setting.hpp"

namespace harness::results {

/// What a run's numbers depend on beside model and tasks: device, numerics, chat format, seeds and the like. Of what
/// cannot be read there is none.
reports::data::Settings run_settings(const store::RunRow& run);

/// What the engine warned of in the model file.
std::vector<std::string> model_warnings(const store::RunRow& run);

/// What the plan says of its task number `index` beside the definition.
reports::data::Settings task_settings(const store::RunRow& run, std::size_t index);

/// What was noted of a task when it was run: how its programs are confined. No part of the plan.
reports::data::Settings execution_settings(const store::RunTaskRow& task);

/// The fields of a task's definition, strings as they are and other values as JSON. Every name is taken, so that fields
/// of later and earlier builds are compared too; a definition that cannot be read has none.
reports::data::Settings definition_fields(const store::RunTaskRow& task);

}  // namespace harness::results
