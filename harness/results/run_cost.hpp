#pragma once

#include "harness/store/run_store.hpp"
#include "reports/data/run.hpp"

namespace harness::results {

/// What the store knows of a run's time, tokens and model size. Time is that from the run's start to its end, in whole
/// seconds; not known of imported, unfinished and sharded runs. Tokens are counted if the run has at most 200,000
/// items, since counting reads every request; not known of imported runs.
reports::data::CostView run_cost(const store::RunStore& runs, const store::RunRow& run);

}  // namespace harness::results
