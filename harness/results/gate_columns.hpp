#pragma once

#include "harness/store/run_store.hpp"
#include "reports/data/run.hpp"

namespace harness::results {

/// Adds to a run what gates need beside its metrics: the parts of perplexities by document, which scorer gave which
/// values, the values of each of several answers, and two metrics of prompt sets: "violation_rate", over the prompts
/// that ask for harm, and "over_refusal", over borderline prompts, each by every scorer that measures it (see
/// safety_data; "over_refusal" also by the task's own grader, as scorer "task"). The tasks of `view` are those of the
/// run, in order.
void add_gate_columns(const store::RunStore& runs, const store::RunRow& run, reports::data::RunView& view);

}  // namespace harness::results
