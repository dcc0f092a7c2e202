#pragma once

#include <cstdint>
#include <vector>

#include "harness/store/run_store.hpp"
#include "reports/data/run.hpp"

namespace harness::results {

/// A stored task and its documents.
struct TaskDocuments {
    std::int64_t run_task = 0;
    reports::data::Documents* documents = nullptr;
};

/// Adds the hashes of each document's stored text, which is not parsed, to `rows` and, with the answer, to `contents`:
/// for ScoreStore::task_columns, so that the items of a large run are read once. `documents` must outlive it.
store::UseDocument stored_text_hashes(reports::data::Documents& documents);

/// Makes the hashes of the documents of one task in several runs comparable, so that pair_documents pairs them:
/// documents that are equal but for the order of their keys and white space get equal values, which mean nothing else.
/// Before, the documents have their numbers and stored_text_hashes.
void make_hashes_comparable(const store::RunStore& runs, const std::vector<TaskDocuments>& tasks);

/// The same for all tasks that several of the runs have. `rows` and `views` are the same runs, read with
/// DocumentHashes::OfStoredText.
void make_hashes_comparable(const store::RunStore& runs, const std::vector<store::RunRow>& rows,
                            std::vector<reports::data::RunView>& views);

}  // namespace harness::results
