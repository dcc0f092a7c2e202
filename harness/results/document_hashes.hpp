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

/// Hashes stored texts of documents: equal ones only where white space and the order of keys are equal too. A row's
/// hash is added to `rows` and that of document and answer to `contents`, without parsing either.
class StoredTextHashes {
public:
    explicit StoredTextHashes(reports::data::Documents& documents) : documents_(documents) {}
    void add(const store::DocumentView& item);

private:
    reports::data::Documents& documents_;
};

/// Sets `numbers`, `contents` and `rows` of the documents of one task in several runs, so that pair_documents pairs
/// them: documents that are equal but for the order of their keys and white space have equal values, which mean nothing
/// else.
void take_document_hashes(const store::RunStore& runs, const std::vector<TaskDocuments>& tasks);

/// The same for all tasks that several of the runs have. `rows` and `views` are the same runs, read with
/// DocumentHashes::OfStoredText.
void take_document_hashes(const store::RunStore& runs, const std::vector<store::RunRow>& rows,
                          std::vector<reports::data::RunView>& views);

}  // namespace harness::results
