#pragma once

#include "harness/store/run_store.hpp"
#include "reports/data/run.hpp"
#include "suites/catalog.hpp"

namespace harness::results {

/// The command that repeats a run, from its plan. It asks the same number of documents of each task, since --limit is
/// that of the largest. No command, and why, for imported runs and for tasks that this version does not have or that no
/// options turn into those of the run. The model is named without its folder.
reports::data::ReproductionView run_command(const store::RunStore& runs, const store::RunRow& run,
                                            const suites::Catalog& catalog);

}  // namespace harness::results
