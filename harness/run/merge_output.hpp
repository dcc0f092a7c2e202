#pragma once

#include <optional>
#include <string>

#include "harness/base/pending_file.hpp"
#include "harness/store/database.hpp"
#include "harness/store/run_store.hpp"
#include "harness/store/score_store.hpp"

namespace harness::run {

/// The database that a merge creates: written under a temporary name and renamed by finish(). Only one merge at a time
/// can write it. Throws UsageError when the file exists, WorkError while another process writes it, StoreError.
class MergeOutput {
public:
    explicit MergeOutput(const std::string& out);

    const store::Database& database() { return *database_; }
    store::RunStore& runs() { return *runs_; }
    store::ScoreStore& scores() { return *scores_; }
    /// Closes and renames the file; nothing may be written afterwards.
    void finish();

private:
    base::PendingFile file_;  // declared first: must outlive SQLite's descriptors of the file
    std::optional<store::Database> database_;
    std::optional<store::RunStore> runs_;
    std::optional<store::ScoreStore> scores_;
};

}  // namespace harness::run
