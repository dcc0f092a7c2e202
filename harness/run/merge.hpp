#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace harness::run {

/// The databases do not give complete runs; the message says what is missing or differs, where, and what to do. Nothing
/// was written.
class MergeError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

enum class MissingItems { Refused, Allowed };

struct MergedRun {
    std::int64_t run = 0;  ///< in the new database
    std::string variant;
    std::uint64_t items = 0;
    std::uint64_t missing_items = 0;
};

/// Merges the runs of several databases into a new one at `out`; runs of the same plan (model, device, numerics,
/// settings, tasks and their rendered requests) become one, whose export has the same bytes as that of a run that was
/// never split.
///
/// An item that several databases hold must be the same in all.
/// With MissingItems::Allowed a run that lacks items stays unfinished, and `run` on the merged database computes them.
/// The merged run has the earliest start date, and the end date of a complete run or of the last shard.
/// `plan`, if not empty, is the start of the plan hash of the only run to merge. Studies with their ratings are merged
/// too, whatever the plan (see store::merge_studies).
///
/// `out` is written under a temporary name and renamed at the end; throws if it exists, or if another merge is writing
/// it. The input databases are not changed. Throws MergeError, UsageError, WorkError, and StoreError when a database
/// cannot be read or written.
std::vector<MergedRun> merge(const std::string& out, const std::vector<std::string>& databases, MissingItems missing,
                             const std::string& plan = "");

}  // namespace harness::run
