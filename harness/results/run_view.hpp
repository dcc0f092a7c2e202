#pragma once

#include "harness/store/run_store.hpp"
#include "reports/data/run.hpp"

namespace harness::results {

/// A run as reports show it, with the first `shown_items` items of each task to browse.
reports::data::RunView run_view(const store::RunStore& runs, const store::RunRow& run, std::uint64_t shown_items);

}  // namespace harness::results
