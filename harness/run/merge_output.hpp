#pragma once

#include <optional>
#include <string>

#include "harness/base/pending_file.hpp"
#include "harness/store/database.hpp"
#include "harness/store/run_store.hpp"
#include "harness/store/score_store.hpp"

namespace harness::run {

/// The database that a merge makes. It gets its name when it is whole, and one merge at a time may be making it.
/// Throws UsageError when the name is taken, WorkError while another process writes to it, StoreError.
class MergeOutput {
public:
    explicit MergeOutput(const std::string& out);

    const store::Database& database() { return *database_; }
    store::RunStore& runs() { return *runs_; }
    store::ScoreStore& scores() { return *scores_; }
    /// Closes it and gives it its name; nothing may be written afterwards.
    void finish();

private:
    base::PendingFile file_;  // first: outlives SQLite's own descriptors of the file
    std::optional<store::Database> database_;
    std::optional<store::RunStore> runs_;
    std::optional<store::ScoreStore> scores_;
};

}  // namespace harness::run
