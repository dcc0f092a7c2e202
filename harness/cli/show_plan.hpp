#pragma once

#include "harness/store/run_store.hpp"

namespace harness::cli {

enum class PlanFormat { Text, Json };

/// Prints the plan of a run: model, device, settings, tasks with their settings, and groups.
void show_plan(const store::RunStore& runs, const store::RunRow& run, PlanFormat format);

}  // namespace harness::cli
