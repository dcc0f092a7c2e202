#pragma once

#include <string>

#include "harness/store/run_store.hpp"

namespace harness::run {

/// The missing items of a merged run as text: "(demo_facts has 43 of 64, not 1, 4, 7, 10, 13 and 16 more): no database
/// has shard 2/3".
std::string missing_text(const store::RunStore& runs, std::int64_t run);

/// The settings in which two plans differ, as text.
std::string plan_difference(const store::RunRow& first, const store::RunRow& second);

}  // namespace harness::run
