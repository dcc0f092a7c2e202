#pragma once

#include <vector>

#include "harness/store/run_store.hpp"
#include "reports/data/run.hpp"

namespace harness::results {

/// The two metrics of prompt sets, see add_gate_columns. `scorers`: of the run.
void add_safety_columns(const store::RunStore& runs, const store::RunRow& run,
                        const std::vector<store::ScorerRow>& scorers, reports::data::RunView& view);

}  // namespace harness::results
