#pragma once

#include "harness/store/run_store.hpp"

namespace harness::cli {

enum class PlanFormat { Text, Json };

/// What a run was asked: model, device, settings, tasks with theirs, and groups.
void show_plan(const store::RunStore& runs, const store::RunRow& run, PlanFormat format);

}  // namespace harness::cli
