#pragma once

#include <cstdint>
#include <vector>

#include "harness/store/run_store.hpp"
#include "reports/data/run.hpp"

namespace harness::results {

/// A stored task, and where its documents go.
struct TaskDocuments {
    std::int64_t run_task = 0;
    reports::data::Documents* documents = nullptr;
};

/// Sets `numbers`, `contents` and `rows` of the documents of one task in several runs, so that pair_documents pairs
/// them: documents that are equal but for the order of their keys and white space have equal values, which mean nothing
/// else.
void take_document_hashes(const store::RunStore& runs, const std::vector<TaskDocuments>& tasks);

/// The same for all tasks that several of the runs have. `rows` and `views` are the same runs.
void take_document_hashes(const store::RunStore& runs, const std::vector<store::RunRow>& rows,
                          std::vector<reports::data::RunView>& views);

}  // namespace harness::results
