#pragma once

#include <iosfwd>

#include "harness/store/run_store.hpp"

namespace harness::results {

/// One JSON line per item, tasks in the order of the plan, documents ascending, without times: two runs of the same
/// plan give the same bytes.
void export_jsonl(const store::RunStore& runs, const store::RunRow& run, std::ostream& out);

}  // namespace harness::results
