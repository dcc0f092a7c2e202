#pragma once

#include <functional>
#include <string_view>

#include "harness/store/run_store.hpp"

namespace harness::results {

/// Passes one JSON line per item to `write`, with its line break: tasks in the order of the plan, documents ascending,
/// without times, so that two runs of the same plan give the same bytes. Lines of Llama 2 models name its licence.
void export_jsonl(const store::RunStore& runs, const store::RunRow& run,
                  const std::function<void(std::string_view)>& write);

}  // namespace harness::results
