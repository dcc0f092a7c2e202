#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace harness::run {

/// The databases do not make whole runs: what, where and what to do. Nothing was written.
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

/// Puts the runs of several databases into a new one at `out`; runs of the same plan (model, device, numerics,
/// settings, tasks and their rendered requests) become one, which exports the bytes of a run that was never split.
///
/// An item that several databases hold must be the same in all.
/// With MissingItems::Allowed a run that lacks items stays unfinished, and `run` on the merged database computes them.
/// A run keeps its dates: the first beginning, and the end of the run or of its last shard.
/// `plan`, where it is given, is the start of the plan hash of the one run that is taken.
///
/// `out` gets its name when it is whole; one that is there is refused, and so is a name that another merge is writing.
/// The databases that are read are not changed. Throws MergeError, UsageError, WorkError, and StoreError when a
/// database cannot be read or written.
std::vector<MergedRun> merge(const std::string& out, const std::vector<std::string>& databases, MissingItems missing,
                             const std::string& plan = "");

}  // namespace harness::run
