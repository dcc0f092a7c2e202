#pragma once

#include <cstdint>
#include <vector>

#include "harness/store/run_store.hpp"
#include "reports/data/run.hpp"

namespace harness::results {

/// Max documents of all tasks together that a page browses.
constexpr std::uint64_t kMaxBrowsedDocuments = 20000;

/// Reads into the tasks of `views` the items to browse: at most `per_task` documents of each task and
/// kMaxBrowsedDocuments of all, those on which the runs differ first. Each view is that of the run at its index.
void read_shown_items(const store::RunStore& runs, const std::vector<store::RunRow>& rows, std::uint64_t per_task,
                      std::vector<reports::data::RunView>& views);

}  // namespace harness::results
