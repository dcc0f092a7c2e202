#pragma once

#include "harness/store/run_store.hpp"
#include "reports/comparison.hpp"

namespace harness::run {

/// A run as reports show it, with the first `shown_items` items of each task to browse.
reports::RunView run_view(const store::RunStore& runs, const store::RunRow& run, std::uint64_t shown_items);

}  // namespace harness::run
