#pragma once

#include <functional>
#include <string_view>

#include "harness/store/run_store.hpp"

namespace harness::results {

/// Passes a table of comma-separated values to `write`, a line at a time, beginning with the header: a row for each
/// item in the order of export_jsonl(), with task, doc, target, prompt and output of its first request, error, and a
/// column for every score of the run under the name that 'show' prints; of several answers each has one. A score that
/// an item lacks is an empty cell. Cells are as reports::text::csv_text writes them; bytes that are not UTF-8 become
/// U+FFFD.
void export_csv(const store::RunStore& runs, const store::RunRow& run,
                const std::function<void(std::string_view)>& write);

}  // namespace harness::results
