#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "harness/store/run_store.hpp"

namespace harness::interchange {

/// The generations of a run as JSON lines that `read_outputs` reads back, each handed to `write` with its line break:
/// tasks in the order of the plan, documents ascending, a line for each sample, and one for each item with an error.
/// The same stored run gives the same bytes. Returns the number of lines; requests that generate nothing have none.
std::uint64_t export_outputs(const store::RunStore& runs, const store::RunRow& run,
                             const std::function<void(std::string_view)>& write);

}  // namespace harness::interchange
