#pragma once

#include <string>
#include <string_view>

#include "harness/store/run_store.hpp"
#include "reports/data/run.hpp"
#include "suites/catalog.hpp"

namespace harness::results {

/// A run as a gate needs it: numbers and settings, and for each item the hashes of its document, of what was asked and
/// of what was answered.
reports::data::RunView gate_view(const store::RunStore& runs, const store::RunRow& run, const suites::Catalog& catalog);

/// Such a run as a file for version control: JSON, one line an item, the same bytes for the same run. Groups and
/// counters are left out.
std::string baseline_text(const reports::data::RunView& run);

/// The run in such a file. Throws base::UsageError with the place of what is wrong; `path` is for messages.
reports::data::RunView parse_baseline(std::string_view text, const std::string& path);

}  // namespace harness::results
