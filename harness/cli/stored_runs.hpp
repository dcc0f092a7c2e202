#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "harness/store/database.hpp"
#include "harness/store/run_store.hpp"

namespace harness::cli {

/// Opens a database for a verb that only reads. Throws StoreError.
store::Database database_to_read(const std::string& path);

/// Opens a database for a verb that writes; creates a missing file. Prints to standard error when it waits for another
/// process. Throws StoreError.
store::Database database_to_write(const std::string& path);

/// Opens an existing database for a verb that adds to its runs. Prints like database_to_write. Throws StoreError.
store::Database database_to_change(const std::string& path);

/// The database of a verb that computes long before it writes. An existing file is opened at once, so that its mistakes
/// are found first; a missing one is created when it is first used, so that a call with a mistake creates none.
class DatabaseToWrite {
public:
    /// Throws like database_to_write, also for a folder in which no file can be created.
    explicit DatabaseToWrite(std::string path);
    DatabaseToWrite(const DatabaseToWrite&) = delete;
    DatabaseToWrite& operator=(const DatabaseToWrite&) = delete;

    /// Throws like database_to_write.
    const store::Database& get();
    /// Whether the file is there, so that get() creates nothing.
    bool exists() const { return database_.has_value(); }

private:
    std::string path_;
    std::optional<store::Database> database_;
};

/// The runs of such a database.
class RunsToWrite {
public:
    /// Throws like DatabaseToWrite.
    explicit RunsToWrite(std::string path) : database_(std::move(path)) {}

    /// Throws like database_to_write.
    store::RunStore& runs();
    std::function<store::RunStore&()> opener() {
        return [this]() -> store::RunStore& { return runs(); };
    }

private:
    DatabaseToWrite database_;
    std::optional<store::RunStore> runs_;
};

/// The run that an argument names. Throws UsageError when there is none.
store::RunRow resolve(const store::RunStore& runs, const std::string& reference);

}  // namespace harness::cli
